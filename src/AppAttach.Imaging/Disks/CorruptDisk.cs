namespace AppAttach.Imaging.Disks;

/// <summary>Makes the exceptions for disk files that cannot be read.</summary>
internal static class CorruptDisk
{
    /// <summary>The file contradicts itself or its checksums.</summary>
    /// <param name="what">A sentence.</param>
    public static InvalidInputException Because(string what) => new(Defect.ImageCorrupt, what);

    /// <summary>The file may be sound, but needs something that is not read here.</summary>
    /// <param name="what">A sentence, with what to do.</param>
    public static InvalidInputException Unsupported(string what) => new(Defect.ImageUnsupported, what);
}
