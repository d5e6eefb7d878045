using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>
/// One version of a package family. The document is made when a package's content has been read to the end for the first time and
/// claims the full name for that content; copies are added to it as regions report them.
/// </summary>
public sealed record ReleaseRecord
{
    /// <summary>The package.</summary>
    public required PackageReference Package { get; init; }

    /// <summary>SHA-256 of the package file, 64 lower-case hexadecimal digits.</summary>
    public required string PackageDigest { get; init; }

    /// <summary>The image; null until it is complete in the hub.</summary>
    public ImageDescription? Image { get; init; }

    /// <summary>
    /// Name in the hub of the manifest that the image is laid out after, which its bytes depend on; null: after none. Fixed with the claim, so that every attempt
    /// makes the same image.
    /// </summary>
    public string? Base { get; init; }

    /// <summary>Verified copies, by region. A copy is listed only once its hash has been compared.</summary>
    public IReadOnlyList<RegionCopy> Copies { get; init; } = [];

    /// <summary>When the content was claimed.</summary>
    public required DateTimeOffset ClaimedAt { get; init; }

    /// <summary>When the image was complete and checked; null: not yet, or the document is of a time before this was recorded.</summary>
    public DateTimeOffset? ConvertedAt { get; init; }

    /// <summary>What hosts must have to take it; null: not known.</summary>
    public ReleaseNeeds? Needs { get; init; }

    /// <summary>When someone asked to retire it; null: nobody did. A retired release starts no rollout any more.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>Since when nothing has wanted its images, as far as retention has looked; null: something does.</summary>
    public DateTimeOffset? UnwantedSince { get; init; }
}
