namespace AppAttach.Pipeline.Catalog;

/// <summary>What was asked of a rollout that is under way.</summary>
public enum RolloutControl
{
    /// <summary>To go on.</summary>
    Run,

    /// <summary>To begin no further phase.</summary>
    Pause,

    /// <summary>To end and take back what it brought.</summary>
    RollBack,
}
