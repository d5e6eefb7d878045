namespace AppAttach.Contracts;

/// <summary>The answer to a request, sent to its <c>replyTo</c>.</summary>
public sealed record RequestReply
{
    /// <summary>Id of the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>Whether it was taken; if not, nothing was changed.</summary>
    public required bool IsAccepted { get; init; }

    /// <summary>One of <see cref="ErrorCodes"/> where it was not taken.</summary>
    public string? Code { get; init; }

    /// <summary>What was done, or everything that is wrong, for people.</summary>
    public required string Message { get; init; }

    /// <summary>Instance ids of what it started or changed.</summary>
    public IReadOnlyList<string> Rollouts { get; init; } = [];
}
