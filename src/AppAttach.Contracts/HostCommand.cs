namespace AppAttach.Contracts;

/// <summary>What the pipeline asks of one host. The same command id may arrive any number of times and has one effect.</summary>
public sealed record HostCommand
{
    /// <summary>Identifies the command; at most 128 characters. The host remembers it and answers a repetition from its ledger.</summary>
    public required string CommandId { get; init; }

    /// <summary>Name of the host it is for; any other host refuses it.</summary>
    public required string Host { get; init; }

    /// <summary>What to do.</summary>
    public required CommandKind Kind { get; init; }

    /// <summary>The package it is about; null for <see cref="CommandKind.Report"/>.</summary>
    public PackageReference? Package { get; init; }

    /// <summary>The image copy to mount; for <see cref="CommandKind.Stage"/> only.</summary>
    public ImageReference? Image { get; init; }

    /// <summary>
    /// Security identifiers or names of users and groups; empty: every user of the host. For <see cref="CommandKind.Register"/> they are all whom the package is
    /// for: whoever else has it loses it. For <see cref="CommandKind.Deregister"/> they are those who lose it.
    /// </summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>When the users get it; for <see cref="CommandKind.Register"/> only. A listener that does not know it takes <see cref="RegisterMode.Logon"/>.</summary>
    public RegisterMode? Mode { get; init; }

    /// <summary>After this time the host refuses the command with <see cref="ErrorCodes.CommandExpired"/>.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Instance id of the orchestration that waits for the outcome, if one does; echoed in <see cref="CommandOutcome"/>.</summary>
    public string? RolloutId { get; init; }
}
