namespace AppAttach.TestKit.Ports;

/// <summary>A document for the suite of the catalog.</summary>
/// <param name="Name">Some text.</param>
/// <param name="Count">Some number.</param>
public sealed record PortDocument(string Name, int Count);
