namespace AppAttach.Pipeline.Replication;

/// <summary>An image of a set.</summary>
/// <param name="Number">Its number in the set, from 1.</param>
/// <param name="Packages">Full names of its packages.</param>
/// <param name="ContentBytes">Size of their files together, in bytes.</param>
public sealed record PlannedImage(int Number, IReadOnlyList<string> Packages, long ContentBytes);
