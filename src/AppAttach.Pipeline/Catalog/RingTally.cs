namespace AppAttach.Pipeline.Catalog;

/// <summary>How many hosts of a ring stand where.</summary>
public sealed record RingTally
{
    /// <summary>All of them.</summary>
    public int Hosts { get; init; }

    /// <summary>Hosts that did what was asked.</summary>
    public int Succeeded { get; init; }

    /// <summary>Hosts that failed or refused.</summary>
    public int Failed { get; init; }

    /// <summary>Hosts that said nothing until the deadline.</summary>
    public int Silent { get; init; }

    /// <summary>Hosts that cannot take the release.</summary>
    public int Unfit { get; init; }

    /// <summary>Some reasons, for people.</summary>
    public IReadOnlyList<RolloutHost> Examples { get; init; } = [];
}
