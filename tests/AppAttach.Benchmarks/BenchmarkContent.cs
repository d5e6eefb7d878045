using System.Text;

namespace AppAttach.Benchmarks;

/// <summary>Content made as it is read: text of a small vocabulary, or noise.</summary>
internal sealed class BenchmarkContent(long sizeBytes, int seed, bool isText) : Stream
{
    private static readonly byte[][] Words = [.. "the of package image volume cluster record index return string class public static void namespace context handler service configuration performance deterministic signature certificate region listener rollout"
        .Split(' ').Select(word => Encoding.ASCII.GetBytes(word + " "))];

    private readonly Random _random = new(seed);
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => sizeBytes;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var piece = buffer[..(int)Math.Min(buffer.Length, sizeBytes - _position)];
        _position += piece.Length;
        if (!isText)
        {
            _random.NextBytes(piece);
            return piece.Length;
        }

        for (var filled = 0; filled < piece.Length;)
        {
            var word = Words[_random.Next(Words.Length)].AsSpan();
            word = word[..Math.Min(word.Length, piece.Length - filled)];
            word.CopyTo(piece[filled..]);
            filled += word.Length;
        }

        return piece.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
