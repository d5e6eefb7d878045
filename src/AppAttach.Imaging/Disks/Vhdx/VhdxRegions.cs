namespace AppAttach.Imaging.Disks;

/// <summary>
/// Where things stand in a VHDX file, and what they are called ([MS-VHDX] 2.1, 2.2).
/// <code>
/// offset    length       content
/// 0         64 KiB       file identifier
/// 64 KiB    64 KiB       header 1 (4 KiB used)
/// 128 KiB   64 KiB       header 2
/// 192 KiB   64 KiB       region table 1
/// 256 KiB   64 KiB       region table 2, the same bytes
/// 1 MiB     n MiB        from here on log, metadata, BAT and blocks, in any order, on 1 MiB boundaries
/// </code>
/// </summary>
internal static class VhdxRegions
{
    /// <summary>Where the file identifier stands.</summary>
    public const int FileIdentifierOffset = 0;

    /// <summary>Where the first header stands.</summary>
    public const int FirstHeaderOffset = 64 << 10;

    /// <summary>Where the second header stands.</summary>
    public const int SecondHeaderOffset = 128 << 10;

    /// <summary>Where the first region table stands.</summary>
    public const int FirstRegionTableOffset = 192 << 10;

    /// <summary>Where the second region table stands.</summary>
    public const int SecondRegionTableOffset = 256 << 10;

    /// <summary>Length of the part that holds the structures above; everything else stands behind it.</summary>
    public const int HeaderSectionLength = DiskUnits.MebibyteBytes;

    /// <summary>The region that holds the block allocation table.</summary>
    public static Guid BlockAllocationTable { get; } = new("2dc27766-f623-4200-9d64-115e9bfd4a08");

    /// <summary>The region that holds the metadata.</summary>
    public static Guid Metadata { get; } = new("8b7ca206-4790-4b9a-b8fe-575f050f886e");
}
