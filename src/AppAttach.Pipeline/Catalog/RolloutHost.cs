namespace AppAttach.Pipeline.Catalog;

/// <summary>How far a rollout has come on one host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Progress">How far.</param>
/// <param name="Code">Why not further: one of <see cref="Contracts.ErrorCodes"/>.</param>
/// <param name="Message">The same as a sentence.</param>
public sealed record RolloutHost(string Host, HostProgress Progress, string? Code = null, string? Message = null)
{
    /// <summary>Its pools in its order, where it has several: its commands go over the first. Null: the rollout's is its only one.</summary>
    public IReadOnlyList<string>? Pools { get; init; }
}
