namespace AppAttach.Contracts;

/// <summary>What other systems hear on the topic <c>events</c>.</summary>
public sealed record PipelineEvent
{
    /// <summary>The package it is about, once it is known.</summary>
    public PackageReference? Package { get; init; }

    /// <summary>Name of the dropped file, for a package that was rejected.</summary>
    public string? Drop { get; init; }

    /// <summary>The pool a rollout is for.</summary>
    public string? Pool { get; init; }

    /// <summary>The rollout it is about.</summary>
    public string? RolloutId { get; init; }

    /// <summary>The host it is about.</summary>
    public string? Host { get; init; }

    /// <summary>Who or what asked for it, such as <c>request 7f3a of /contoso/deploy</c>.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>One of <see cref="ErrorCodes"/>, where something went wrong.</summary>
    public string? Code { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Message { get; init; }
}
