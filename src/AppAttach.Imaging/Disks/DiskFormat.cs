namespace AppAttach.Imaging.Disks;

/// <summary>How a disk is kept in a file.</summary>
internal enum DiskFormat
{
    /// <summary>The disk's bytes and nothing else.</summary>
    Raw,

    /// <summary>VHD with all blocks.</summary>
    VhdFixed,

    /// <summary>VHD with a block table.</summary>
    VhdDynamic,

    /// <summary>VHDX with all blocks.</summary>
    VhdxFixed,

    /// <summary>VHDX whose blocks may be absent.</summary>
    VhdxDynamic,
}
