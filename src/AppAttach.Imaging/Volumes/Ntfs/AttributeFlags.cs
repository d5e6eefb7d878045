namespace AppAttach.Imaging.Volumes.Ntfs;

/// <summary>How an attribute's value is stored.</summary>
[Flags]
internal enum AttributeFlags : ushort
{
    /// <summary>As it is; the only way we write.</summary>
    None = 0,

    /// <summary>Compressed.</summary>
    Compressed = 0x0001,

    /// <summary>Encrypted.</summary>
    Encrypted = 0x4000,

    /// <summary>With holes.</summary>
    Sparse = 0x8000,
}
