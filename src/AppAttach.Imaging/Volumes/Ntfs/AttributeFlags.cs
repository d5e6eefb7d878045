namespace AppAttach.Imaging.Volumes.Ntfs;

/// <summary>How an attribute's value is stored.</summary>
[Flags]
internal enum AttributeFlags : ushort
{
    /// <summary>As it is; the only way we write.</summary>
    None = 0,

    /// <summary>Compressed by LZNT1, the one method there is.</summary>
    Compressed = 0x0001,

    /// <summary>The bits that name a method of compression.</summary>
    CompressionMask = 0x00FF,

    /// <summary>Encrypted.</summary>
    Encrypted = 0x4000,

    /// <summary>With holes.</summary>
    Sparse = 0x8000,
}
