namespace AppAttach.Imaging.Volumes.Ntfs;

/// <summary>Attributes of a file as NTFS stores them: those of [MS-FSCC] 2.6, and two of its own in FILE_NAME.</summary>
[Flags]
internal enum FileAttributeFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Read-only.</summary>
    ReadOnly = 0x1,

    /// <summary>Hidden.</summary>
    Hidden = 0x2,

    /// <summary>System.</summary>
    System = 0x4,

    /// <summary>Archive; what Windows gives every new file.</summary>
    Archive = 0x20,

    /// <summary>Sparse.</summary>
    Sparse = 0x200,

    /// <summary>Reparse point.</summary>
    ReparsePoint = 0x400,

    /// <summary>Compressed.</summary>
    Compressed = 0x800,

    /// <summary>In FILE_NAME only: the file is a folder, it has an index <c>$I30</c>.</summary>
    FileNameIndexPresent = 0x1000_0000,

    /// <summary>In FILE_NAME and STANDARD_INFORMATION of system files: it has an index of something else.</summary>
    ViewIndexPresent = 0x2000_0000,
}
