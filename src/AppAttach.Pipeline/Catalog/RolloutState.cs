namespace AppAttach.Pipeline.Catalog;

/// <summary>Where a rollout stands.</summary>
public enum RolloutState
{
    /// <summary>Commands are out, outcomes are awaited.</summary>
    Running,

    /// <summary>Every host has the package registered. A rollout to a pool without hosts is complete: hosts that come later get their own.</summary>
    Completed,

    /// <summary>It is over, and some hosts do not have the package registered. The release is current all the same, and they are tried again.</summary>
    Failed,

    /// <summary>Someone asked to wait; no further phase begins.</summary>
    Paused,

    /// <summary>A gate broke or someone asked to go back: what it brought is being taken back.</summary>
    Halted,

    /// <summary>What it brought was taken back. Hosts that were away are brought back when they return.</summary>
    RolledBack,

    /// <summary>A newer rollout of the same family to the same pool has taken its place.</summary>
    Superseded,
}
