using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;

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

    /// <summary>What an admin should know although the package was accepted, warnings first.</summary>
    public IReadOnlyList<PackageNote> Notes { get; init; } = [];

    /// <summary>Who asked for it to be published; null: somebody dropped it.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>When its publishing began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When manifest, names, block map and signature were found right; null: not yet, or the document is of a time before this was recorded.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>When this document was last written.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The document of a drop that is new.</summary>
    /// <param name="id">Instance id of its publishing.</param>
    /// <param name="drop">The drop.</param>
    /// <param name="now">The time.</param>
    /// <returns>The document.</returns>
    public static PackageRecord Begin(string id, PackageDrop drop, DateTimeOffset now) => new()
    {
        Id = id,
        Drop = drop.Name,
        SizeBytes = drop.SizeBytes,
        State = PackageState.Verifying,
        StartedAt = now,
        UpdatedAt = now,
    };
}
