namespace AppAttach.Contracts;

/// <summary>What must hold of a ring before its rollout goes on.</summary>
public sealed record GateDefinition
{
    /// <summary>Highest share of hosts that may fail, in percent of those that count, 0 to 100. Default 10.</summary>
    public double MaxFailedPercent { get; init; } = 10;

    /// <summary>How many hosts must succeed, 0 or more; of a ring with fewer hosts all must. Default 1.</summary>
    public int MinSucceeded { get; init; } = 1;

    /// <summary>How long hosts have for each phase; null: as long as the deployment says.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>How long the ring is watched after it was registered. Default: not at all.</summary>
    public TimeSpan Soak { get; init; }

    /// <summary>Whether a host that says nothing until the deadline counts as failed; if not, it does not count at all. Default false: hosts are often off.</summary>
    public bool CountsSilent { get; init; }

    /// <summary>Whether a host that cannot take the release counts as failed; if not, it does not count at all. Default false.</summary>
    public bool CountsUnfit { get; init; }

    /// <summary>Lets everything through: for an assignment that names no rings, where nobody comes after the first.</summary>
    public static GateDefinition Open { get; } = new() { MaxFailedPercent = 100, MinSucceeded = 0 };
}
