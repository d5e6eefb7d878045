namespace AppAttach.Imaging.Disks;

/// <summary>Where everything stands in a disk file, known before its first byte.</summary>
internal abstract class DiskFilePlan
{
    /// <summary>How the file holds the disk.</summary>
    public abstract DiskFormat Format { get; }

    /// <summary>Size of the virtual disk.</summary>
    public abstract long VirtualSizeBytes { get; }

    /// <summary>Size of the whole file.</summary>
    public abstract long FileSizeBytes { get; }

    /// <summary>Where a byte of the virtual disk stands in the file.</summary>
    /// <param name="virtualOffsetBytes">Its place on the disk; in a block that the file has.</param>
    /// <returns>Its place in the file, and how many bytes of the disk follow each other from there on at least.</returns>
    public abstract ByteExtent FindInFile(long virtualOffsetBytes);

    /// <summary>Starts the file: everything before the disk's first byte is written at once.</summary>
    /// <param name="output">Takes the file; only written to, left open.</param>
    public abstract DiskFileWriter StartFile(Stream output);
}
