namespace AppAttach.Imaging.Volumes.Ntfs;

/// <summary>Numbers of the records that every NTFS volume has. Source: image-format notes 4.9.</summary>
internal static class SystemRecord
{
    /// <summary>The table of all records.</summary>
    public const int Mft = 0;

    /// <summary>Copy of the first four records.</summary>
    public const int MftMirror = 1;

    /// <summary>The log.</summary>
    public const int LogFile = 2;

    /// <summary>Label, version and state of the volume.</summary>
    public const int Volume = 3;

    /// <summary>The table of attribute types.</summary>
    public const int AttributeDefinitions = 4;

    /// <summary>The volume's root folder.</summary>
    public const int RootFolder = 5;

    /// <summary>Which clusters are in use.</summary>
    public const int Bitmap = 6;

    /// <summary>The boot sector as a file.</summary>
    public const int Boot = 7;

    /// <summary>Clusters that cannot be used.</summary>
    public const int BadClusters = 8;

    /// <summary>The security descriptors.</summary>
    public const int Secure = 9;

    /// <summary>The upper-case table.</summary>
    public const int Upcase = 10;

    /// <summary>Folder of the newer system files.</summary>
    public const int Extend = 11;

    /// <summary>First of the records that are in use for nothing.</summary>
    public const int FirstReserved = 12;

    /// <summary>First of the records that are formatted, but not in use.</summary>
    public const int FirstUnused = 16;

    /// <summary>Quotas, in $Extend.</summary>
    public const int Quota = 24;

    /// <summary>Object ids, in $Extend.</summary>
    public const int ObjectId = 25;

    /// <summary>Reparse points, in $Extend.</summary>
    public const int Reparse = 26;

    /// <summary>First record of a file that is not the file system's own.</summary>
    public const int FirstUser = 27;

    /// <summary>Records that $MFTMirr copies.</summary>
    public const int MirroredCount = 4;

    /// <summary>The sequence number of a record when it is used for the first time.</summary>
    /// <param name="recordNumber">Number of the record.</param>
    public static ushort SequenceNumber(long recordNumber) =>
        recordNumber is > Mft and < FirstUnused ? (ushort)recordNumber : (ushort)1;

    /// <summary>The reference to a record when it is used for the first time.</summary>
    /// <param name="recordNumber">Number of the record.</param>
    public static FileReference Reference(long recordNumber) => new(recordNumber, SequenceNumber(recordNumber));
}
