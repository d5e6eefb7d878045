namespace AppAttach.Contracts;

/// <summary>What a host says became of a command. It may arrive more than once, late, or out of order.</summary>
public sealed record CommandOutcome
{
    /// <summary>The command's id.</summary>
    public required string CommandId { get; init; }

    /// <summary>The host that says so.</summary>
    public required string Host { get; init; }

    /// <summary>What the command asked for.</summary>
    public required CommandKind Kind { get; init; }

    /// <summary>Full name of the package it was about; null for a report.</summary>
    public string? PackageFullName { get; init; }

    /// <summary>What became of it.</summary>
    public required OutcomeResult Result { get; init; }

    /// <summary>One of <see cref="ErrorCodes"/>; null on success.</summary>
    public string? Code { get; init; }

    /// <summary>A sentence for people; null on success.</summary>
    public string? Message { get; init; }

    /// <summary>The HRESULT that Windows gave, if it did.</summary>
    public int? HResult { get; init; }

    /// <summary>How long the work took on the host.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>When it ended, by the host's clock.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>Echo of <see cref="HostCommand.RolloutId"/>.</summary>
    public string? RolloutId { get; init; }
}
