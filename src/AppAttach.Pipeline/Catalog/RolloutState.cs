namespace AppAttach.Pipeline.Catalog;

/// <summary>Where a rollout stands.</summary>
public enum RolloutState
{
    /// <summary>Commands are out, outcomes are awaited.</summary>
    Running,

    /// <summary>Every host has the package registered. A rollout to a pool without hosts is complete: hosts that come later get their own.</summary>
    Completed,

    /// <summary>It is over, and some hosts do not have the package registered.</summary>
    Failed,
}
