using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>What became of one drop; the document an admin looks at first.</summary>
public sealed record PackageRecord
{
    /// <summary>Instance id of its publishing, and key of the document.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the dropped file.</summary>
    public required string Drop { get; init; }

    /// <summary>Length of the dropped file, in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Where it stands.</summary>
    public required PackageState State { get; init; }

    /// <summary>The package, once its manifest has been read.</summary>
    public PackageReference? Package { get; init; }

    /// <summary>Why it was rejected, or what failed: one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    /// <summary>The same as a sentence.</summary>
    public string? Message { get; init; }

    /// <summary>What an admin should know although the package was accepted, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>When its publishing began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When this document was last written.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
