namespace AppAttach.Imaging.Volumes;

/// <summary>What a volume can hold; a package that needs more is refused before anything is written.</summary>
internal static class VolumeLimits
{
    /// <summary>
    /// Largest partition: 2 TiB. NTFS and VHDX go further, but nothing a package holds does, and cluster numbers stay 32-bit.
    /// </summary>
    public const long MaximumPartitionBytes = 2L << 40;

    /// <summary>Most files and folders together: keeps the plan's memory below 100 MB.</summary>
    public const int MaximumNodeCount = 2_000_000;

    /// <summary>Most different security descriptors: three a package family, so 21,844 families of applications in one image.</summary>
    public const int MaximumSecurityDescriptors = 1 << 16;

    /// <summary>Deepest folder, counted from the volume's root. Windows' own limit on a path, 32767 units, is checked with the package.</summary>
    public const int MaximumDepth = 4096;

    /// <summary>Longest label, in UTF-16 units.</summary>
    public const int MaximumLabelLength = 32;

    /// <summary>Smallest unit of a partition: tools of all systems align to it.</summary>
    public const int PartitionAlignmentBytes = 1 << 20;

    /// <summary>Bytes of a cluster: what Windows formats volumes up to 16 TiB with.</summary>
    public const int ClusterSizeBytes = 4096;

    /// <summary>Bytes of a sector.</summary>
    public const int SectorSizeBytes = Ntfs.BootSector.SectorSizeBytes;

    /// <summary>Bytes of the log: enough for a volume that is never attached writable; the least Windows takes is 256 KiB.</summary>
    public const int LogSizeBytes = 512 << 10;
}
