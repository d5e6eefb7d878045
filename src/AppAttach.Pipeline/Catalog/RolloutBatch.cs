namespace AppAttach.Pipeline.Catalog;

/// <summary>Some hosts of a ring; small enough that one message and one history hold what becomes of them.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Ring">Number of the ring, from 0.</param>
/// <param name="Batch">Number of the batch in the ring, from 0.</param>
/// <param name="Hosts">The hosts, by name.</param>
public sealed record RolloutBatch(string RolloutId, int Ring, int Batch, IReadOnlyList<RolloutHost> Hosts)
{
    /// <summary>How many hosts a batch has at most.</summary>
    public const int MostHosts = 200;

    /// <summary>Key of the document.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="ring">Number of the ring.</param>
    /// <param name="batch">Number of the batch.</param>
    /// <returns>The key.</returns>
    public static string KeyOf(string rolloutId, int ring, int batch) => FormattableString.Invariant($"{KeysOf(rolloutId, ring)}{batch:0000}");

    /// <summary>What the keys of a ring's documents begin with.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="ring">Number of the ring.</param>
    /// <returns>The beginning.</returns>
    public static string KeysOf(string rolloutId, int ring) => FormattableString.Invariant($"{rolloutId}.{ring:00}.");
}
