namespace AppAttach.Pipeline.Replication;

/// <summary>A package as far as grouping it with others goes.</summary>
/// <param name="FullName">Its full name.</param>
/// <param name="FamilyName">Its family name: all packages of one family go into one image.</param>
/// <param name="AddsTo">Family names of the main packages that it, an optional package, adds to: it goes into the image of one that is there.</param>
/// <param name="ContentBytes">Size of its files together, in bytes.</param>
public sealed record PlannedPackage(string FullName, string FamilyName, IReadOnlyList<string> AddsTo, long ContentBytes);
