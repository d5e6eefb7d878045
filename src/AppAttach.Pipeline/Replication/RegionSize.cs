namespace AppAttach.Pipeline.Replication;

/// <summary>A region whose hosts attach every image of a set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hosts">Its hosts, at least 1.</param>
/// <param name="Shares">Its shares; null for as many as it takes.</param>
public sealed record RegionSize(string Name, int Hosts, int? Shares);
