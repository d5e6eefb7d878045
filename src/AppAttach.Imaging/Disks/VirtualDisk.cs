namespace AppAttach.Imaging.Disks;

/// <summary>The bytes of the disk that a file holds.</summary>
internal abstract class VirtualDisk : ByteSource
{
    /// <summary>How the file holds it.</summary>
    public abstract DiskFormat Format { get; }

    /// <summary>Bytes in a logical sector: 512 or 4096.</summary>
    public virtual int SectorSizeBytes => DiskUnits.SectorSizeBytes;

    /// <summary>Opens a disk file of any format this library reads.</summary>
    /// <param name="image">The file, a seekable stream; left open.</param>
    /// <exception cref="InvalidInputException">
    /// <c>image-corrupt</c>: its structures are broken. <c>image-unsupported</c>: it is sound but needs what is not read here.
    /// </exception>
    public static VirtualDisk Open(Stream image)
    {
        var file = new StreamSource(image);
        Span<byte> head = stackalloc byte[DiskUnits.SectorSizeBytes];
        if (file.Length < head.Length)
        {
            throw new InvalidInputException(Defect.ImageCorrupt, $"The image has {file.Length} bytes; the smallest disk has {head.Length}.");
        }

        file.Read(0, head);
        if (VhdxFileIdentifier.IsPresent(head))
        {
            return new VhdxDisk(file);
        }

        Span<byte> tail = stackalloc byte[VhdFooter.Size];
        file.Read(file.Length - tail.Length, tail);
        return VhdFooter.IsPresent(tail) || VhdFooter.IsPresent(head) ? VhdDisk.Open(file) : new RawDisk(file);
    }
}
