using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>A command that was sent to bring a host to what it should have, and what became of it.</summary>
/// <param name="CommandId">Its id.</param>
/// <param name="Kind">What it asks.</param>
/// <param name="PackageFullName">The package.</param>
/// <param name="SentAt">When it was sent, by the pipeline's clock.</param>
/// <param name="Deadline">When the host refuses it.</param>
public sealed record SentCommand(string CommandId, CommandKind Kind, string PackageFullName, DateTimeOffset SentAt, DateTimeOffset Deadline)
{
    /// <summary>Users it registers for.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Whether its outcome was faster than its record, so that nothing is known of it but that.</summary>
    public bool IsOnlyHeardOf { get; init; }

    /// <summary>What became of it; null: nothing was heard.</summary>
    public OutcomeResult? Result { get; init; }

    /// <summary>Why not: one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    /// <summary>The same as a sentence.</summary>
    public string? Message { get; init; }

    /// <summary>When it ended, by the host's clock.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>How often in a row it has failed, this time included.</summary>
    public int Failures { get; init; }

    /// <summary>When it may be tried again, by the pipeline's clock.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}
