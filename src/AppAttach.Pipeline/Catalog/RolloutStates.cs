namespace AppAttach.Pipeline.Catalog;

/// <summary>What the states of rollouts have in common.</summary>
public static class RolloutStates
{
    /// <summary>Whether a rollout goes on, or will when it is resumed.</summary>
    /// <param name="state">Where it stands.</param>
    /// <returns>True if so; false: it is over, or halted.</returns>
    public static bool IsUnderWay(this RolloutState state) => state is RolloutState.Running or RolloutState.Paused;
}
