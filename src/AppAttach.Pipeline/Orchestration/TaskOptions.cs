namespace AppAttach.Pipeline.Orchestration;

/// <summary>How an activity or sub-orchestration is called.</summary>
/// <param name="Retry">When to try again.</param>
public sealed record TaskOptions(RetryPolicy? Retry);
