namespace AppAttach.Contracts;

/// <summary>
/// Part of a pool that gets a release before the next part. A host belongs to the first ring that names it, else to the ring that
/// its share of the pool falls into, else to the last ring.
/// </summary>
public sealed record RingDefinition
{
    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>How much of the pool it is, in percent, 0 to 100. The percentages of all rings together are at most 100.</summary>
    public double Percent { get; init; }

    /// <summary>Hosts that belong to it by name; case does not matter.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>What must hold before the next ring begins; null: the assignment's own gate.</summary>
    public GateDefinition? Gate { get; init; }
}
