namespace AppAttach.Imaging.Disks;

/// <summary>A range of bytes.</summary>
/// <param name="OffsetBytes">Where it starts.</param>
/// <param name="LengthBytes">How long it is.</param>
internal readonly record struct ByteExtent(long OffsetBytes, long LengthBytes)
{
    /// <summary>The first byte after it.</summary>
    public long EndBytes => OffsetBytes + LengthBytes;
}
