namespace AppAttach.Imaging.Packages;

/// <summary>One part of an opened package with all that is known about it.</summary>
/// <param name="Zip">Its place in the archive.</param>
/// <param name="File">The file it lays down; null for <c>[Content_Types].xml</c>.</param>
/// <param name="Blocks">Its blocks; null for parts outside the block map.</param>
internal sealed record PackagePart(ZipPart Zip, PackageFile? File, BlockMapFile? Blocks)
{
    /// <summary>
    /// Whether a block of this part was found to lean on the one before it: its packer did not empty the dictionary, so the
    /// part's further blocks are not tried alone. Written by one thread, read by others; a late reader only tries in vain.
    /// </summary>
    public bool IsChained { get; set; }
}
