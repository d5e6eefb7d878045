namespace AppAttach.Imaging.Volumes.Ntfs;

/// <summary>How an index orders its keys.</summary>
internal enum CollationRule
{
    /// <summary>Byte by byte.</summary>
    Binary = 0,

    /// <summary>File names, upper-cased by the volume's table.</summary>
    FileName = 1,

    /// <summary>One unsigned 32-bit number.</summary>
    UnsignedNumber = 0x10,

    /// <summary>A security identifier.</summary>
    SecurityIdentifier = 0x11,

    /// <summary>Hash of a security descriptor, then its id.</summary>
    SecurityHash = 0x12,

    /// <summary>Several unsigned 32-bit numbers.</summary>
    UnsignedNumbers = 0x13,
}
