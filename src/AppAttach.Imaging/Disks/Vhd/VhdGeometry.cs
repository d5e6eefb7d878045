namespace AppAttach.Imaging.Disks;

/// <summary>
/// Cylinders, heads and sectors per track of a VHD (Microsoft, Virtual Hard Disk Image Format Specification 1.0, appendix "CHS
/// Calculation"). The product of the three is seldom the size of the disk: up to one cylinder is missing at the end, and everything
/// behind 127 GiB. Windows and newer programs take the footer's current size and never this; very old ones take this.
/// <code>
/// off  size  field
/// 0    2     cylinders
/// 2    1     heads
/// 3    1     sectors per track
/// </code>
/// </summary>
/// <param name="Cylinders">Up to 65,535.</param>
/// <param name="Heads">4 to 16.</param>
/// <param name="SectorsPerTrack">17, 31, 63 or 255.</param>
internal readonly record struct VhdGeometry(ushort Cylinders, byte Heads, byte SectorsPerTrack)
{
    private const long MaximumCylinders = 65535;
    private const long MaximumHeads = 16;
    private const long MinimumHeads = 4;
    private const long CylindersOfInterrupt13 = 1024;

    /// <summary>The largest geometry; the specification gives it to every larger disk as well, so that it says nothing of the size.</summary>
    public static VhdGeometry Maximum { get; } = new((ushort)MaximumCylinders, (byte)MaximumHeads, 255);

    /// <summary>Bytes that the geometry covers.</summary>
    public long SizeBytes => (long)Cylinders * Heads * SectorsPerTrack * DiskUnits.SectorSizeBytes;

    /// <summary>The geometry of a disk.</summary>
    /// <param name="diskSizeBytes">Its size, at least 0.</param>
    public static VhdGeometry Of(long diskSizeBytes)
    {
        var sectors = Math.Min(diskSizeBytes, Maximum.SizeBytes) / DiskUnits.SectorSizeBytes;
        if (sectors >= MaximumCylinders * MaximumHeads * 63)
        {
            return Make(sectors, MaximumHeads, 255);
        }

        var tracks = sectors / 17;
        var heads = Math.Max(MinimumHeads, (tracks + CylindersOfInterrupt13 - 1) / CylindersOfInterrupt13);
        if (heads <= MaximumHeads && tracks < heads * CylindersOfInterrupt13)
        {
            return Make(sectors, heads, 17);
        }

        return Make(sectors, MaximumHeads, sectors / 31 < MaximumHeads * CylindersOfInterrupt13 ? 31 : 63);
    }

    /// <summary>
    /// The smallest size of a disk whose geometry still covers what must be seen through it, unless the disk is beyond any geometry.
    /// </summary>
    /// <param name="neededBytes">What the disk must have at least.</param>
    /// <param name="coveredBytes">What the geometry must cover, at most <paramref name="neededBytes"/>.</param>
    /// <param name="multipleBytes">What the size is a multiple of: whole sectors.</param>
    public static long FindDiskSize(long neededBytes, long coveredBytes, int multipleBytes)
    {
        var sizeBytes = DiskUnits.Align(neededBytes, multipleBytes);
        for (var geometry = Of(sizeBytes); geometry != Maximum && geometry.SizeBytes < coveredBytes; geometry = Of(sizeBytes))
        {
            sizeBytes += multipleBytes;
        }

        return sizeBytes;
    }

    private static VhdGeometry Make(long sectors, long heads, long sectorsPerTrack) =>
        new((ushort)(sectors / sectorsPerTrack / heads), (byte)heads, (byte)sectorsPerTrack);
}
