namespace AppAttach.Imaging.Volumes.Ntfs;

/// <summary>Flags of a file record.</summary>
[Flags]
internal enum FileRecordFlags : ushort
{
    /// <summary>Formatted, but not in use.</summary>
    None = 0,

    /// <summary>In use.</summary>
    InUse = 1,

    /// <summary>A folder: it has an index of file names, <c>$I30</c>.</summary>
    Directory = 2,

    /// <summary>A system file in <c>$Extend</c>.</summary>
    InExtend = 4,

    /// <summary>It has an index of something other than file names.</summary>
    ViewIndex = 8,
}
