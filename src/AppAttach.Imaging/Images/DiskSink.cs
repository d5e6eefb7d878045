using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Volumes.Emission;

namespace AppAttach.Imaging.Images;

/// <summary>Passes a volume's bytes on to the partition of a disk.</summary>
/// <param name="disk">The disk.</param>
internal sealed class DiskSink(DiskWriter disk) : IVolumeSink
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes) => disk.Write(bytes);

    /// <inheritdoc/>
    public void Skip(long count) => disk.Skip(count);
}
