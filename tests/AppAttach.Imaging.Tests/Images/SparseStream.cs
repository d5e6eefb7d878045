using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AppAttach.Imaging.Tests.Images;

/// <summary>
/// A file that is written front to back and then read, and keeps only what is not zero: images of terabytes fit into memory. Zeros that come from
/// <see cref="Zeros"/> are known without a look.
/// </summary>
internal sealed class SparseStream : Stream
{
    private const int PageBytes = 4096;
    private readonly Dictionary<long, byte[]> _pages = [];
    private long _length;

    /// <summary>Nothing but zeros, to be written from.</summary>
    public static byte[] Zeros { get; } = new byte[64 << 20];

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position { get; set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Assert.Equal(_length, Position);
        if (!IsOfZeros(buffer))
        {
            for (var rest = buffer; !rest.IsEmpty;)
            {
                var (page, offset) = Math.DivRem(Position + buffer.Length - rest.Length, PageBytes);
                var part = rest[..(int)Math.Min(rest.Length, PageBytes - offset)];
                if (part.ContainsAnyExcept((byte)0))
                {
                    part.CopyTo((CollectionsMarshal.GetValueRefOrAddDefault(_pages, page, out _) ??= new byte[PageBytes]).AsSpan((int)offset));
                }

                rest = rest[part.Length..];
            }
        }

        Position = _length += buffer.Length;
    }

    public override int Read(Span<byte> buffer)
    {
        var (page, offset) = Math.DivRem(Position, PageBytes);
        var count = (int)Math.Min(Math.Min(buffer.Length, PageBytes - offset), _length - Position);
        if (_pages.TryGetValue(page, out var bytes))
        {
            bytes.AsSpan((int)offset, count).CopyTo(buffer);
        }
        else
        {
            buffer[..count].Clear();
        }

        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => _length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    private static bool IsOfZeros(ReadOnlySpan<byte> buffer)
    {
        var distance = Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(Zeros), ref MemoryMarshal.GetReference(buffer));
        return distance >= 0 && distance < Zeros.Length;
    }
}
