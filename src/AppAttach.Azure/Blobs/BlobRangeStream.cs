using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AppAttach.Azure.Blobs;

/// <summary>
/// A blob as a seekable, read-only stream that reads by range. Every range asks for the one ETag that the stream was opened with,
/// so a blob that is replaced meanwhile ends the reading and is never mixed. A read that goes on where the last one ended is
/// taken for a pass over the blob, and the next ranges are fetched ahead. Holds at most 2 × <see cref="ReadAheadRanges"/> + 2 ranges
/// of <see cref="RangeBytes"/>: the one in use and the one that is fetched next, those that are fetched ahead, and after jumps those
/// that were, until their fetches have ended. The buffers are used again: arrays of that size stay in memory until the next full
/// collection. Not for use by two threads at once. Checked against Azurite with the real SDK.
/// </summary>
internal sealed class BlobRangeStream : Stream
{
    /// <summary>Bytes of one range in a pass; 4 MiB keeps a connection busy for some tens of milliseconds.</summary>
    public const int RangeBytes = 4 << 20;

    /// <summary>Bytes of the range that is read after a jump: directories and manifests lie well within it.</summary>
    public const int JumpBytes = 256 << 10;

    /// <summary>Ranges that are fetched ahead in a pass.</summary>
    public const int ReadAheadRanges = 3;

    private readonly BlobBaseClient _blob;
    private readonly ETag _etag;
    private readonly long _length;
    private readonly Func<RequestFailedException, Exception> _changed;
    private readonly Queue<FetchedRange> _ahead = new();
    private readonly Queue<FetchedRange> _givenUp = new();
    private readonly Stack<byte[]> _free = new();
    private CancellationTokenSource _aheadCancellation = new();
    private byte[]? _range;
    private long _rangeOffset;
    private int _rangeLength;
    private long _position;
    private bool _isPass;
    private bool _isDisposed;

    /// <summary>Buffers of <see cref="RangeBytes"/> that it has made.</summary>
    public int BufferCount { get; private set; }

    /// <summary>Opens the stream; nothing is read yet.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="etag">The ETag that each range must have.</param>
    /// <param name="length">Length of the blob with that ETag, in bytes.</param>
    /// <param name="changed">Makes the exception for a blob that was replaced or removed since.</param>
    public BlobRangeStream(BlobBaseClient blob, ETag etag, long length, Func<RequestFailedException, Exception> changed)
    {
        _blob = blob;
        _etag = etag;
        _length = length;
        _changed = changed;
    }

    /// <inheritdoc/>
    public override bool CanRead => !_isDisposed;

    /// <inheritdoc/>
    public override bool CanSeek => !_isDisposed;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            SeekOrigin.End => _length + offset,
            _ => throw new ArgumentOutOfRangeException(nameof(origin)),
        };
        return target >= 0 ? _position = target : throw new IOException($"{target} lies before the start of the stream.");
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.IsEmpty || _position >= _length)
        {
            return 0;
        }

        if (!IsInRange(_position))
        {
            if (TakeAhead(_position) is { } ahead)
            {
                // Blocks until a thread of its own has fetched it (see OwnThread).
                Use(ahead.Offset, ahead.Count, ahead.Content.GetAwaiter().GetResult(), isPass: true);
            }
            else
            {
                var (goesOn, count) = (GoesOn, CountFor(GoesOn));
                Use(_position, count, Fetch(TakeBuffer(), _position, count, CancellationToken.None), goesOn);
            }

            FetchAhead();
        }

        return CopyTo(buffer);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.IsEmpty || _position >= _length)
        {
            return 0;
        }

        if (!IsInRange(_position))
        {
            if (TakeAhead(_position) is { } ahead)
            {
                Use(ahead.Offset, ahead.Count, await ahead.Content.WaitAsync(cancellationToken), isPass: true);
            }
            else
            {
                var (goesOn, count) = (GoesOn, CountFor(GoesOn));
                Use(_position, count, await FetchAsync(TakeBuffer(), _position, count, cancellationToken), goesOn);
            }

            FetchAhead();
        }

        return CopyTo(buffer.Span);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The stream is read-only.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is read-only.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            DropAhead();
            _aheadCancellation.Dispose();
            _range = null;
            _rangeLength = 0;
            _free.Clear();
            _givenUp.Clear();
        }

        base.Dispose(disposing);
    }

    /// <summary>Whether the position lies where the last range ended.</summary>
    private bool GoesOn => _rangeLength > 0 && _position == _rangeOffset + _rangeLength;

    private bool IsInRange(long position) => position >= _rangeOffset && position < _rangeOffset + _rangeLength;

    private int CopyTo(Span<byte> buffer)
    {
        var content = _range.AsSpan(0, _rangeLength)[(int)(_position - _rangeOffset)..];
        var count = Math.Min(content.Length, buffer.Length);
        content[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <summary>Takes a range that was fetched ahead; where the position lies outside all of them, they are given up.</summary>
    private FetchedRange? TakeAhead(long position)
    {
        while (_ahead.TryDequeue(out var range))
        {
            if (position >= range.Offset && position < range.Offset + range.Count)
            {
                return range;
            }

            _givenUp.Enqueue(range);
        }

        DropAhead();
        return null;
    }

    private void Use(long offset, int length, byte[] content, bool isPass)
    {
        if (_range is not null)
        {
            _free.Push(_range);
        }

        _isPass = isPass;
        _rangeOffset = offset;
        _rangeLength = length;
        _range = content;
    }

    /// <summary>A buffer that nothing else writes to.</summary>
    private byte[] TakeBuffer()
    {
        Reclaim();
        if (_free.TryPop(out var buffer))
        {
            return buffer;
        }

        BufferCount++;
        return new byte[(int)Math.Min(RangeBytes, _length)];
    }

    /// <summary>Takes back the buffers of ranges that were given up and whose fetches have ended since.</summary>
    private void Reclaim()
    {
        while (_givenUp.TryPeek(out var oldest) && oldest.Content.IsCompleted)
        {
            _free.Push(_givenUp.Dequeue().Buffer);
        }
    }

    private void FetchAhead()
    {
        Reclaim();
        var next = _ahead.LastOrDefault() is { } last ? last.Offset + last.Count : _rangeOffset + _rangeLength;
        while (_isPass && _ahead.Count < ReadAheadRanges && _ahead.Count + _givenUp.Count < 2 * ReadAheadRanges && next < _length)
        {
            var (buffer, offset, count, token) = (TakeBuffer(), next, (int)Math.Min(RangeBytes, _length - next), _aheadCancellation.Token);
            _ahead.Enqueue(new FetchedRange(offset, count, buffer, OwnThread.RunAsync(() => Fetch(buffer, offset, count, token), token)));
            next += count;
        }
    }

    private void DropAhead()
    {
        _aheadCancellation.Cancel();
        _aheadCancellation.Dispose();
        _aheadCancellation = new CancellationTokenSource();
        while (_ahead.TryDequeue(out var range))
        {
            _givenUp.Enqueue(range);
        }
    }

    private int CountFor(bool goesOn) => (int)Math.Min(goesOn ? RangeBytes : JumpBytes, _length - _position);

    private BlobDownloadOptions Range(long offset, int count) => new()
    {
        Range = new HttpRange(offset, count),
        Conditions = new BlobRequestConditions { IfMatch = _etag },
    };

    private byte[] Fetch(byte[] buffer, long offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            using var response = _blob.DownloadStreaming(Range(offset, count), cancellationToken).Value;
            FillFrom(response.Content, buffer, count);
            return buffer;
        }
        catch (RequestFailedException e) when (IsChanged(e))
        {
            throw _changed(e);
        }
    }

    /// <summary>
    /// Fills a buffer by the array overload: the SDK's stream has no overload for spans, and <see cref="Stream"/>'s own reads into a second array as large as
    /// what is asked for, anew on each thread.
    /// </summary>
    private static void FillFrom(Stream content, byte[] buffer, int count)
    {
        var filled = 0;
        while (filled < count)
        {
            var read = content.Read(buffer, filled, count - filled);
            filled += read > 0 ? read : throw new EndOfStreamException($"A range of {count} bytes ended after {filled}.");
        }
    }

    private async Task<byte[]> FetchAsync(byte[] buffer, long offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            using var response = (await _blob.DownloadStreamingAsync(Range(offset, count), cancellationToken)).Value;
            await response.Content.ReadExactlyAsync(buffer.AsMemory(0, count), cancellationToken);
            return buffer;
        }
        catch (RequestFailedException e) when (IsChanged(e))
        {
            throw _changed(e);
        }
    }

    /// <summary>404: it is gone; 412: it has another ETag; 416: it has become shorter.</summary>
    private static bool IsChanged(RequestFailedException e) => e.Status is 404 or 412 or 416;

    /// <summary>A range that is fetched ahead.</summary>
    /// <param name="Offset">Where it starts.</param>
    /// <param name="Count">Its length.</param>
    /// <param name="Buffer">What it is fetched into.</param>
    /// <param name="Content">Ends when nothing writes to the buffer any more; gives it.</param>
    private sealed record FetchedRange(long Offset, int Count, byte[] Buffer, Task<byte[]> Content);
}
