namespace AppAttach.Pipeline.Conversion;

/// <summary>How a finished image is looked at before it is released. The writer is not trusted with this: the checker shares no planning with it.</summary>
public enum ImageCheck
{
    /// <summary>Disk, partition and file system: every structure, no content. Some tenths of a second a GiB.</summary>
    Structure,

    /// <summary>The structure, and every file byte for byte against the package, which is read once more.</summary>
    Full,

    /// <summary>Not at all.</summary>
    Off,
}
