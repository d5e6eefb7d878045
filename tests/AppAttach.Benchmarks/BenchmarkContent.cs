using System.Globalization;
using System.Text;

namespace AppAttach.Benchmarks;

/// <summary>Content made as it is read: text that deflates to a third, or noise.</summary>
internal sealed class BenchmarkContent(long sizeBytes, int seed, bool isText) : Stream
{
    // A word in seven is a number in hexadecimal, as source code, logs and settings have them: with words alone deflate finds everything twice.
    private const int WordsToANumber = 6;

    private static readonly byte[][] Words = [.. ("the of package image volume cluster record index return string class public static void namespace context handler service " +
        "configuration performance deterministic signature certificate region listener rollout private sealed override async await task cancellation token stream length " +
        "offset buffer digest block header value name attribute folder path version publisher identity application resource dependency capability true false null new")
        .Split(' ').Select(word => Encoding.ASCII.GetBytes(word))];

    private static readonly byte[][] Separators = [.. new[] { " ", " ", " ", " ", " ", " ", ", ", ";\r\n", "." }.Select(text => Encoding.ASCII.GetBytes(text))];

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
            filled += Append(piece[filled..], _random.Next(WordsToANumber + 1) == 0 ? Number() : Words[_random.Next(Words.Length)]);
            filled += Append(piece[filled..], Separators[_random.Next(Separators.Length)]);
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

    private static int Append(Span<byte> piece, ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, piece.Length)];
        text.CopyTo(piece);
        return text.Length;
    }

    private byte[] Number() => Encoding.ASCII.GetBytes(_random.Next(1 << 24).ToString("x", CultureInfo.InvariantCulture));
}
