namespace AppAttach.Contracts;

/// <summary>What became of a command.</summary>
public enum OutcomeResult
{
    /// <summary>The host is as the command wants it.</summary>
    Succeeded,

    /// <summary>It was tried and failed; <see cref="CommandOutcome.Code"/> says why.</summary>
    Failed,

    /// <summary>It was not tried: expired, malformed, not allowed, or for another host.</summary>
    Refused,
}
