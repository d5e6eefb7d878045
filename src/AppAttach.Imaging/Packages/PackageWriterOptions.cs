using System.IO.Compression;

namespace AppAttach.Imaging.Packages;

/// <summary>How a <see cref="PackageWriter"/> writes. The defaults are what Windows' packer does before signing.</summary>
public sealed record PackageWriterOptions
{
    /// <summary>The defaults.</summary>
    public static PackageWriterOptions Default { get; } = new();

    /// <summary>Whether the archive ends with zip64 records; needed above 4 GiB or 65,534 parts. Default true.</summary>
    public bool IsZip64 { get; init; } = true;

    /// <summary>Whether CRC and sizes follow the data of each part, so that nothing need be known before; else each part is built in memory. Default true.</summary>
    public bool HasDataDescriptors { get; init; } = true;

    /// <summary>Bits of the hash of the block map: 256, 384 or 512. Default 256, the only one that every reader knows.</summary>
    public int HashBits { get; init; } = 256;

    /// <summary>Time of every part. Default the first that ZIP can hold, 1980-01-01.</summary>
    public DateTimeOffset LastWriteTime { get; init; } = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How hard deflate tries. Default <see cref="CompressionLevel.Optimal"/>.</summary>
    public CompressionLevel CompressionLevel { get; init; } = CompressionLevel.Optimal;

    /// <summary>Extensions, with their dot and in lower case, of files that are compressed already and therefore stored.</summary>
    public IReadOnlyCollection<string> StoredExtensions { get; init; } =
        [".png", ".jpg", ".jpeg", ".gif", ".zip", ".mp3", ".mp4", ".docx", ".xlsx", ".pptx", ".appx", ".msix", ".cab", ".7z"];

    /// <summary>
    /// Whether blocks may refer to the ones before them, as with packers that use a sync flush instead of a full one. Readers then have to inflate a
    /// part from its start. Default false.
    /// </summary>
    public bool KeepsDictionary { get; init; }

    /// <summary>Whether names that no reader should accept are written all the same, to test readers.</summary>
    internal bool AllowsUnsafeNames { get; init; }
}
