using AppAttach.Imaging.Disks;

namespace AppAttach.Imaging.Volumes.Reading;

// The clusters of a compressed value come in units of 16 (image-format notes 4.7). A unit that has all its clusters is as it is, one
// that has none is zeros, any other holds what its clusters compress to, and holes make up for what was saved.

/// <summary>A value that NTFS compressed, expanded unit by unit as it is read.</summary>
internal sealed class CompressedContent : ByteSource
{
    /// <summary>The largest unit: 16 clusters of 4096 bytes. NTFS compresses nothing on volumes with larger clusters.</summary>
    public const int MaximumUnitBytes = 64 << 10;

    private readonly ClusterContent _clusters;
    private readonly long _initializedBytes;
    private readonly byte[] _packed;
    private readonly byte[] _unit;
    private long _unitNumber = -1;

    /// <summary>Puts a value together.</summary>
    /// <param name="clusters">Its clusters one after the other, to the end of the last unit.</param>
    /// <param name="unitBytes">Bytes of a unit, up to <see cref="MaximumUnitBytes"/>.</param>
    /// <param name="sizeBytes">Bytes of the value.</param>
    /// <param name="initializedBytes">Bytes of it that were ever written.</param>
    public CompressedContent(ClusterContent clusters, int unitBytes, long sizeBytes, long initializedBytes)
    {
        _clusters = clusters;
        _initializedBytes = initializedBytes;
        _packed = new byte[unitBytes];
        _unit = new byte[unitBytes];
        Length = sizeBytes;
    }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    protected override int ReadPart(long offset, Span<byte> buffer)
    {
        if (offset >= _initializedBytes)
        {
            buffer.Clear();
            return buffer.Length;
        }

        ReadUnit(offset / _unit.Length);
        var inUnit = (int)(offset % _unit.Length);
        var count = (int)Math.Min(Math.Min(buffer.Length, _unit.Length - inUnit), _initializedBytes - offset);
        _unit.AsSpan(inUnit, count).CopyTo(buffer);
        return count;
    }

    private void ReadUnit(long number)
    {
        if (number == _unitNumber)
        {
            return;
        }

        _unitNumber = -1;
        var start = number * _unit.Length;
        var length = (int)Math.Min(_unit.Length, _clusters.Length - start);
        var held = _clusters.HeldBytes(start, length);
        if (held == _unit.Length || held == 0)
        {
            _unit.AsSpan().Clear();
            _clusters.Read(start, _unit.AsSpan(0, length));
        }
        else
        {
            _clusters.Read(start, _packed.AsSpan(0, held));
            Lznt1.Expand(_packed.AsSpan(0, held), _unit);
        }

        _unitNumber = number;
    }
}
