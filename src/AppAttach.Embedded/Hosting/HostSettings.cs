namespace AppAttach.Embedded.Hosting;

/// <summary>A host that may use the bus.</summary>
/// <param name="Name">The host's name.</param>
/// <param name="Pool">Its pool.</param>
internal sealed record HostSettings(string Name, string Pool);
