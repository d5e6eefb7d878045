using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AppAttach.Imaging.Deltas;

/// <summary>
/// The pieces of an image by what is in them: 128 bits of each hash, mixed with the length, and the place. Takes 24 bytes a piece. That
/// two pieces with different content look the same here is beyond chance, and would show in the digest of the copy.
/// </summary>
internal sealed class PieceIndex
{
    private readonly List<UInt128> _keys = [];
    private readonly List<long> _offsets = [];

    /// <summary>Adds a piece.</summary>
    public void Add(ReadOnlySpan<byte> hash, int lengthBytes, long offsetBytes)
    {
        _keys.Add(KeyOf(hash, lengthBytes));
        _offsets.Add(offsetBytes);
    }

    /// <summary>Sorts; before the first look.</summary>
    public void Complete()
    {
        var keys = CollectionsMarshal.AsSpan(_keys);
        var offsets = CollectionsMarshal.AsSpan(_offsets);
        keys.Sort(offsets);
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            offsets[start..end].Sort();
            start = end;
        }
    }

    /// <summary>Finds a piece with some content; of several one at a place that is wished for, if there is one there.</summary>
    /// <param name="hash">The content's hash.</param>
    /// <param name="lengthBytes">Its length.</param>
    /// <param name="wishes">Places, the dearest first.</param>
    /// <returns>Where it is, or null.</returns>
    public long? Find(ReadOnlySpan<byte> hash, int lengthBytes, params ReadOnlySpan<long> wishes)
    {
        var key = KeyOf(hash, lengthBytes);
        var start = LowerBound(key);
        if (start == _keys.Count || _keys[start] != key)
        {
            return null;
        }

        if (start + 1 == _keys.Count || _keys[start + 1] != key)
        {
            return _offsets[start];
        }

        var same = CollectionsMarshal.AsSpan(_offsets)[start..LowerBound(key + 1)];
        foreach (var wish in wishes)
        {
            if (same.BinarySearch(wish) >= 0)
            {
                return wish;
            }
        }

        return same[0];
    }

    private static UInt128 KeyOf(ReadOnlySpan<byte> hash, int lengthBytes) => BinaryPrimitives.ReadUInt128LittleEndian(hash) ^ (uint)lengthBytes;

    private int LowerBound(UInt128 key)
    {
        var (low, high) = (0, _keys.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _keys[middle] < key ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
