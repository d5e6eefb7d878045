namespace AppAttach.Imaging.Volumes.Ntfs;

/// <summary>Makes the exception that reading a damaged NTFS structure ends in.</summary>
internal static class CorruptVolume
{
    /// <summary>The exception for a structure that cannot be followed safely.</summary>
    /// <param name="structure">The structure's name, such as <c>file record header</c>.</param>
    /// <param name="problem">What is wrong, with the value found, as the rest of a sentence.</param>
    public static InvalidInputException Because(string structure, string problem) =>
        new(Defect.ImageCorrupt, $"The NTFS {structure} {problem}.");

    /// <summary>Throws unless a source holds at least the bytes that a structure needs.</summary>
    /// <param name="source">The bytes left.</param>
    /// <param name="sizeBytes">The bytes needed.</param>
    /// <param name="structure">The structure's name.</param>
    public static void RequireSize(ReadOnlySpan<byte> source, int sizeBytes, string structure)
    {
        if (source.Length < sizeBytes)
        {
            throw Because(structure, $"needs {sizeBytes} bytes and only {source.Length} are left");
        }
    }
}
