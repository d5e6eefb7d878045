namespace AppAttach.Imaging.Deltas;

/// <summary>A range of a new image, and where a copy gets it from.</summary>
/// <param name="OffsetBytes">Where it starts in the new image.</param>
/// <param name="LengthBytes">How long it is, at least 1.</param>
/// <param name="Source">Where its bytes are.</param>
/// <param name="SourceOffsetBytes">Where they start in the previous image; without meaning for another source.</param>
public readonly record struct DeltaRange(long OffsetBytes, long LengthBytes, DeltaSource Source, long SourceOffsetBytes = 0)
{
    /// <summary>The first byte after it.</summary>
    public long EndBytes => OffsetBytes + LengthBytes;
}
