namespace AppAttach.Contracts;

/// <summary>A request as it was read: its content is checked, names are not yet looked up.</summary>
public sealed record PipelineRequest
{
    /// <summary>Identifies it: the same id twice is one request. 1 to 128 characters.</summary>
    public required string Id { get; init; }

    /// <summary>What is asked for.</summary>
    public required RequestVerb Verb { get; init; }

    /// <summary>Who asks, as the message says: its CloudEvents source, or the user of the API.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Package family name; <c>assign</c> and <c>unassign</c> take <c>*</c> for every family.</summary>
    public string? Family { get; init; }

    /// <summary>The pool.</summary>
    public string? Pool { get; init; }

    /// <summary><c>reconcile</c>: one host; null: all of the pool, or all there are.</summary>
    public string? Host { get; init; }

    /// <summary><c>start-rollout</c> and <c>retire</c>: full name of the release.</summary>
    public string? Package { get; init; }

    /// <summary><c>pause</c>, <c>resume</c> and <c>roll-back</c>: the rollout; else family and pool name it.</summary>
    public string? RolloutId { get; init; }

    /// <summary><c>publish</c>: the package's address, absolute, HTTP or HTTPS. What stands behind its <c>?</c> may open a door, and is not recorded.</summary>
    public string? Source { get; init; }

    /// <summary><c>publish</c>: the package's file name; null: the last part of the address.</summary>
    public string? Name { get; init; }

    /// <summary><c>publish</c>: SHA-256 that the package must have, 64 hexadecimal digits; null: any.</summary>
    public string? Digest { get; init; }

    /// <summary><c>assign</c>: who gets the family and how; null for other verbs.</summary>
    public AssignmentTerms? Terms { get; init; }

    /// <summary>Why, for the records.</summary>
    public string? Reason { get; init; }
}
