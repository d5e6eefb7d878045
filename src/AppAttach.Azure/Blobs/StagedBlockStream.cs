using System.Buffers.Binary;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AppAttach.Azure.Blobs;

/// <summary>
/// Takes bytes front to back and stages them as blocks of a block blob, several at once; each block carries its MD5, which the
/// service compares. Holds at most <see cref="MaximumBlocksInFlight"/> + 1 blocks of <see cref="BlockBytes"/>; a writer that is
/// faster than the network waits. Checked against Azurite with the real SDK.
/// </summary>
internal sealed class StagedBlockStream : Stream
{
    /// <summary>Bytes of a block: 50,000 of them (the service's limit) make 390 GiB, six times the largest package taken.</summary>
    public const int BlockBytes = 8 << 20;

    /// <summary>Blocks that are on their way at once.</summary>
    public const int MaximumBlocksInFlight = 4;

    /// <summary>Blocks of a blob at most (Put Block List).</summary>
    private const int MaximumBlocks = 50_000;

    private readonly BlockBlobClient _blob;
    private readonly byte[] _uploadId = Guid.NewGuid().ToByteArray();
    private readonly List<string> _blockIds = [];
    private readonly Queue<(byte[] Buffer, Task<bool> Staging)> _inFlight = new();
    private readonly Stack<byte[]> _free = new();
    private readonly CancellationTokenSource _stop = new();
    private byte[]? _block;
    private int _blockLength;
    private long _position;
    private bool _isDisposed;

    /// <summary>Makes the stream; nothing is sent yet.</summary>
    /// <param name="blob">The blob.</param>
    public StagedBlockStream(BlockBlobClient blob) => _blob = blob;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => !_isDisposed;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException("The stream only goes forward.");

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException("The stream only goes forward.");
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (NeedsToWait)
            {
                // Blocks until a thread of its own has sent the oldest block (see OwnThread).
                _inFlight.Peek().Staging.GetAwaiter().GetResult();
            }

            buffer = buffer[Append(buffer)..];
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (NeedsToWait)
            {
                await _inFlight.Peek().Staging.WaitAsync(cancellationToken);
            }

            buffer = buffer[Append(buffer.Span)..];
        }
    }

    /// <summary>Sends what is left and waits for every block.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The ids of all blocks, in order.</returns>
    public async Task<IReadOnlyList<string>> FinishAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Stage();
        while (_inFlight.TryPeek(out var oldest))
        {
            await oldest.Staging.WaitAsync(cancellationToken);
            _inFlight.Dequeue();
        }

        return _blockIds;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Blocks are sent when they are full; the commit sends the last one.
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await _stop.CancelAsync();
            await Task.WhenAll(_inFlight.Select(Task (block) => block.Staging)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is write-only.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream only goes forward.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The stream only goes forward.");

    /// <summary>Whether a new block has to begin while all that may be on their way are.</summary>
    private bool NeedsToWait =>
        _block is null && _inFlight.Count == MaximumBlocksInFlight && !_inFlight.Peek().Staging.IsCompletedSuccessfully;

    /// <summary>Copies what fits into the block; a full one is sent.</summary>
    private int Append(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _block ??= TakeBuffer();
        var count = Math.Min(bytes.Length, BlockBytes - _blockLength);
        bytes[..count].CopyTo(_block.AsSpan(_blockLength));
        _blockLength += count;
        _position += count;
        if (_blockLength == BlockBytes)
        {
            Stage();
        }

        return count;
    }

    private byte[] TakeBuffer()
    {
        while (_inFlight.TryPeek(out var oldest) && oldest.Staging.IsCompletedSuccessfully)
        {
            _free.Push(oldest.Buffer);
            _inFlight.Dequeue();
        }

        return _free.TryPop(out var buffer) ? buffer : new byte[BlockBytes];
    }

    private void Stage()
    {
        if (_block is null)
        {
            return;
        }

        if (_blockIds.Count == MaximumBlocks)
        {
            throw new IOException($"The image has more than {(long)MaximumBlocks * BlockBytes} bytes, the limit of this store.");
        }

        var (buffer, length, id, token) = (_block, _blockLength, NextBlockId(), _stop.Token);
        _inFlight.Enqueue((buffer, OwnThread.RunAsync(() => Send(id, buffer, length, token), token)));
        _block = null;
        _blockLength = 0;
    }

    private bool Send(string id, byte[] buffer, int length, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(buffer, 0, length, writable: false);
        var options = new BlockBlobStageBlockOptions { TransferValidation = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 } };
        _blob.StageBlock(id, content, options, cancellationToken);
        return true;
    }

    /// <summary>Base64 of the upload's own 16 bytes and the block's number (big-endian): all ids of a blob have one length.</summary>
    private string NextBlockId()
    {
        Span<byte> id = stackalloc byte[20];
        _uploadId.CopyTo(id);
        BinaryPrimitives.WriteInt32BigEndian(id[16..], _blockIds.Count);
        var text = Convert.ToBase64String(id);
        _blockIds.Add(text);
        return text;
    }
}
