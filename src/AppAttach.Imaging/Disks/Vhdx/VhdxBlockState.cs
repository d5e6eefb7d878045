namespace AppAttach.Imaging.Disks;

/// <summary>State of a payload block ([MS-VHDX] 2.5.1.1); 4 and 5 are reserved.</summary>
internal enum VhdxBlockState
{
    /// <summary>Not in the file; what it reads as is left to the reader. Ours reads zeros.</summary>
    NotPresent = 0,

    /// <summary>Content undefined. Ours reads zeros.</summary>
    Undefined = 1,

    /// <summary>Zeros, not in the file.</summary>
    Zero = 2,

    /// <summary>Trimmed by the guest. Ours reads zeros.</summary>
    Unmapped = 3,

    /// <summary>In the file.</summary>
    FullyPresent = 6,

    /// <summary>Partly in the file, partly in the parent: differencing disks only.</summary>
    PartiallyPresent = 7,
}
