namespace AppAttach.Imaging.Disks;

/// <summary>The units that disk structures count in.</summary>
internal static class DiskUnits
{
    /// <summary>Bytes in a logical sector of every disk we write, and in a sector of every VHD.</summary>
    public const int SectorSizeBytes = 512;

    /// <summary>2^20 bytes: what VHDX aligns to, and where a first partition starts.</summary>
    public const int MebibyteBytes = 1 << 20;

    /// <summary>Rounds up to a multiple.</summary>
    /// <param name="value">At least 0.</param>
    /// <param name="multiple">At least 1.</param>
    /// <exception cref="OverflowException">The result does not fit.</exception>
    public static long Align(long value, long multiple) => checked(value + multiple - 1) / multiple * multiple;
}
