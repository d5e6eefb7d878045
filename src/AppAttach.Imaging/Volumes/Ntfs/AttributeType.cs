namespace AppAttach.Imaging.Volumes.Ntfs;

/// <summary>Types of attributes in file records, in the order in which they stand there.</summary>
internal enum AttributeType
{
    /// <summary>No attribute; as an index root's type: the index is not of an attribute.</summary>
    None = 0,

    /// <summary>Times, attributes and security id of a file.</summary>
    StandardInformation = 0x10,

    /// <summary>Where attributes of other records stand. Never written: everything fits into one record.</summary>
    AttributeList = 0x20,

    /// <summary>Name and parent of a file.</summary>
    FileName = 0x30,

    /// <summary>A GUID for a file.</summary>
    ObjectId = 0x40,

    /// <summary>A security descriptor of the file's own.</summary>
    SecurityDescriptor = 0x50,

    /// <summary>The volume's label.</summary>
    VolumeName = 0x60,

    /// <summary>The volume's version and flags.</summary>
    VolumeInformation = 0x70,

    /// <summary>Content of a file.</summary>
    Data = 0x80,

    /// <summary>Root of an index.</summary>
    IndexRoot = 0x90,

    /// <summary>The other nodes of an index.</summary>
    IndexAllocation = 0xA0,

    /// <summary>Which index blocks, or which file records, are in use.</summary>
    Bitmap = 0xB0,

    /// <summary>Reparse point.</summary>
    ReparsePoint = 0xC0,

    /// <summary>Size of the extended attributes.</summary>
    ExtendedAttributeInformation = 0xD0,

    /// <summary>Extended attributes.</summary>
    ExtendedAttribute = 0xE0,

    /// <summary>A stream whose changes are logged.</summary>
    LoggedUtilityStream = 0x100,
}
