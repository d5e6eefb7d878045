namespace AppAttach.Imaging.Disks;

/// <summary>A fixed VHD file: the disk's bytes, all of them, and the footer.</summary>
internal sealed class VhdFixedPlan : DiskFilePlan
{
    /// <summary>Plans a file.</summary>
    /// <param name="virtualSizeBytes">Size of the virtual disk: a multiple of 512 bytes, at least 512 and at most 2040 GiB.</param>
    /// <param name="identifiers">Identity of the disk.</param>
    public VhdFixedPlan(long virtualSizeBytes, VhdIdentifiers identifiers)
    {
        VhdDisk.RequireSize(virtualSizeBytes);
        ArgumentOutOfRangeException.ThrowIfEqual(identifiers.UniqueId, Guid.Empty, nameof(identifiers));
        VirtualSizeBytes = virtualSizeBytes;
        Footer = VhdFooter.Of(VhdFooter.FixedType, VhdFooter.NoDataOffset, virtualSizeBytes, identifiers);
    }

    /// <inheritdoc/>
    public override DiskFormat Format => DiskFormat.VhdFixed;

    /// <inheritdoc/>
    public override long VirtualSizeBytes { get; }

    /// <inheritdoc/>
    public override long FileSizeBytes => VirtualSizeBytes + VhdFooter.Size;

    /// <summary>The footer.</summary>
    public VhdFooter Footer { get; }

    /// <inheritdoc/>
    public override ByteExtent FindInFile(long virtualOffsetBytes) => new(virtualOffsetBytes, VirtualSizeBytes - virtualOffsetBytes);

    /// <inheritdoc/>
    public override DiskFileWriter StartFile(Stream output) => new VhdFixedWriter(output, this);
}
