using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Reading;

/// <summary>A value that stands in clusters. Holes, and what is behind the initialised size, read as zeros.</summary>
internal sealed class ClusterContent : ByteSource
{
    private readonly ByteSource _volume;
    private readonly int _clusterSizeBytes;
    private readonly long _initializedBytes;
    private readonly DataRun[] _runs;
    private readonly long[] _firstVcns;

    /// <summary>Puts a value together.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="clusterSizeBytes">Bytes in a cluster.</param>
    /// <param name="runs">All runs of the value, from its first cluster on.</param>
    /// <param name="sizeBytes">Bytes of the value; not more than the runs hold.</param>
    /// <param name="initializedBytes">Bytes of it that were ever written.</param>
    /// <exception cref="InvalidInputException">The runs hold less than the value.</exception>
    public ClusterContent(ByteSource volume, int clusterSizeBytes, IEnumerable<DataRun> runs, long sizeBytes, long initializedBytes)
    {
        _volume = volume;
        _clusterSizeBytes = clusterSizeBytes;
        _initializedBytes = initializedBytes;
        Length = sizeBytes;
        _runs = [.. runs];
        _firstVcns = new long[_runs.Length];
        long vcn = 0;
        for (var i = 0; i < _runs.Length; i++)
        {
            _firstVcns[i] = vcn;
            vcn = checked(vcn + _runs[i].ClusterCount);
        }

        if (vcn < sizeBytes / clusterSizeBytes || (vcn == sizeBytes / clusterSizeBytes && sizeBytes % clusterSizeBytes != 0))
        {
            throw CorruptVolume.Because("attribute", $"has {sizeBytes} bytes in {vcn} clusters of {clusterSizeBytes}");
        }
    }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <summary>Whether some of it stands nowhere and reads as zeros.</summary>
    public bool HasHoles => Array.Exists(_runs, run => run.Lcn is null);

    /// <summary>Bytes that stand in clusters, of a stretch whose clusters come first and holes last.</summary>
    /// <param name="offset">Start of the stretch, a multiple of the cluster's size.</param>
    /// <param name="length">Bytes of the stretch.</param>
    /// <exception cref="InvalidInputException">A hole stands before a cluster.</exception>
    public int HeldBytes(long offset, int length)
    {
        long held = 0;
        var hasHole = false;
        for (var index = RunOf(offset / _clusterSizeBytes); index < _runs.Length && _firstVcns[index] * _clusterSizeBytes < offset + length; index++)
        {
            if (_runs[index].Lcn is null)
            {
                hasHole = true;
                continue;
            }

            if (hasHole)
            {
                throw CorruptVolume.Because("compressed content", "has a hole before the clusters of a unit");
            }

            var start = Math.Max(offset, _firstVcns[index] * _clusterSizeBytes);
            var end = Math.Min(offset + length, (_firstVcns[index] + _runs[index].ClusterCount) * _clusterSizeBytes);
            held += end - start;
        }

        return (int)held;
    }

    /// <inheritdoc/>
    protected override int ReadPart(long offset, Span<byte> buffer)
    {
        if (offset >= _initializedBytes)
        {
            buffer.Clear();
            return buffer.Length;
        }

        buffer = buffer[..(int)Math.Min(buffer.Length, _initializedBytes - offset)];
        var vcn = offset / _clusterSizeBytes;
        var index = RunOf(vcn);
        var run = _runs[index];
        var clustersLeft = run.ClusterCount - (vcn - _firstVcns[index]);
        var offsetInCluster = offset % _clusterSizeBytes;
        if (clustersLeft <= int.MaxValue / _clusterSizeBytes)
        {
            buffer = buffer[..(int)Math.Min(buffer.Length, (clustersLeft * _clusterSizeBytes) - offsetInCluster)];
        }

        if (run.Lcn is { } lcn)
        {
            _volume.Read(((lcn + vcn - _firstVcns[index]) * _clusterSizeBytes) + offsetInCluster, buffer);
        }
        else
        {
            buffer.Clear();
        }

        return buffer.Length;
    }

    private int RunOf(long vcn)
    {
        var index = Array.BinarySearch(_firstVcns, vcn);
        return index < 0 ? ~index - 1 : index;
    }
}
