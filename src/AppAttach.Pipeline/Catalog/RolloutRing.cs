using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>How far a rollout has come in one ring.</summary>
/// <param name="Definition">The ring, with its gate.</param>
/// <param name="Phase">How far.</param>
public sealed record RolloutRing(RingDefinition Definition, RingPhase Phase)
{
    /// <summary>When the phase began; null before the first.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How many documents hold its hosts.</summary>
    public int Batches { get; init; }

    /// <summary>How its hosts stand, as of the end of the last phase.</summary>
    public RingTally Tally { get; init; } = new();
}
