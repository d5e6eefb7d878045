namespace AppAttach.Embedded.Engine;

/// <summary>Settings of an engine.</summary>
internal sealed record EngineOptions
{
    /// <summary>How many activities run at once; 1 or more.</summary>
    public int MaxConcurrentActivities { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>How many instances stay in memory between their steps; the others are replayed from their history.</summary>
    public int MaxLiveInstances { get; init; } = 1_000;

    /// <summary>
    /// Whether every instance is replayed from its history at every step, and inputs and due times are compared as well: on in
    /// tests, so that each test of an orchestrator is a test of its determinism.
    /// </summary>
    public bool ReplayEveryStep { get; init; }

    /// <summary>Sees each transaction; null in production.</summary>
    public ITransactionObserver? TransactionObserver { get; init; }
}
