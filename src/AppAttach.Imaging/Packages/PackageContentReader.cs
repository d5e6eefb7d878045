using System.Diagnostics.CodeAnalysis;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// The content of a package in one pass: files in the order of the archive, each in pieces of at most 64 KiB, in order and without gaps. No piece is
/// given out before its hash has been compared with the block map. Files of 0 bytes give no piece. The parts that no
/// block map covers (block map, signature, catalogue) are checked by size and CRC, which is done when their last piece has been given out.
/// </summary>
/// <remarks>
/// One thread reads the package, each byte once; others inflate and hash; pieces come out in order. Memory is bounded by the
/// ring between them: 8 to 64 times 512 KiB of content, and as much compressed. One caller at a time. After an exception the pass is over, and asking again throws it again.
/// </remarks>
public sealed class PackageContentReader : IDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly CancellationToken cancellation;
    private readonly ForwardReader forward;
    private readonly ContentRing ring;
    private readonly ContentPump pump;
    private readonly BlockMap map;
    private readonly BlockInflater inflater = new();
    private readonly Thread[] threads;
#pragma warning disable CA2213 // Owned by the ring.
    private ContentSlot? current;
    private ContentSlot? behind;
#pragma warning restore CA2213
    private int next;
    private ReadOnlyMemory<byte> given;
    private byte[]? digest;
    private bool isDisposed;

    internal PackageContentReader(
        Stream stream, long lengthBytes, CentralDirectoryRange directory, IReadOnlyList<PackagePart> parts, BlockMap map,
        int workers, CancellationToken cancellation)
    {
        const int mostWorkers = 64;
        this.map = map;
        this.cancellation = cancellation;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stream.Position = 0;
        var isSigned = parts.Any(part => part.Zip.Path == PartName.Signature);
        forward = new(stream, lengthBytes, isSigned ? map.Method : null);
        ring = new(workers, stop.Token);
        pump = new(forward, ring, parts, map, directory);
        threads = new Thread[Math.Min(workers, mostWorkers) + 1];
        threads[0] = new(pump.Run) { IsBackground = true, Name = "package reader" };
        for (var index = 1; index < threads.Length; index++)
        {
            threads[index] = new(() => ContentWorker.Run(ring, map)) { IsBackground = true, Name = $"package inflater {index}" };
        }

        foreach (var thread in threads)
        {
            thread.Start();
        }
    }

    /// <summary>SHA-256 of the whole package file; there once <see cref="TryRead"/> has returned false.</summary>
    /// <exception cref="InvalidOperationException">The pass has not come to its end.</exception>
    public ReadOnlyMemory<byte> PackageDigest =>
        digest ?? throw new InvalidOperationException("The digest of a package is there when all of its content has been read.");

    /// <summary>What a signature covers of the archive itself; there when <see cref="PackageDigest"/> is, and null without a signature at the end.</summary>
    internal ArchiveDigests? ArchiveDigests => digest is null ? null : pump.ArchiveDigests;

    /// <summary>Whether the package has been read to its last byte.</summary>
    internal bool IsAtEnd => digest is not null;

    /// <summary>Whether the package's stream belongs to the pass, and stands where that has come to.</summary>
    internal bool HasStream => !isDisposed && !IsAtEnd;

    /// <summary>Gives the next piece of content.</summary>
    /// <param name="block">The piece; its bytes are valid until the next call.</param>
    /// <returns>False when all content has been given out and the package has been read to its last byte.</returns>
    /// <exception cref="InvalidInputException">The package is broken: the first failure in the order of the archive.</exception>
    /// <exception cref="OperationCanceledException">The pass was cancelled.</exception>
    public bool TryRead(out ContentBlock block)
    {
        block = default;
        if (!TryMoveOn())
        {
            return false;
        }

        var piece = current!.Pieces[next];
        if (!TrySettle(piece))
        {
            return false;
        }

        next++;
        block = new(piece.Part!.File!, piece.OffsetBytes, piece.Content);
        return true;
    }

    /// <summary>
    /// Gives the next pieces together, as they lie in their slot; not to be mixed with <see cref="TryRead"/>. The slot is the caller's, who releases it
    /// when its content is no longer needed; while it is not, the pass goes on until it has no other slot.
    /// </summary>
    /// <param name="slot">Some pieces, each checked.</param>
    /// <returns>As <see cref="TryRead"/>; throws as it does.</returns>
    internal bool TryReadSlot([NotNullWhen(true)] out ContentSlot? slot)
    {
        slot = null;
        if (!TryMoveOn())
        {
            return false;
        }

        for (; next < current!.Pieces.Count; next++)
        {
            if (!TrySettle(current.Pieces[next]))
            {
                break;
            }
        }

        slot = next > 0 ? current : null;
        slot?.Hold();
        return slot is not null;
    }

    /// <summary>Reads what is left, for whoever wants the checks and digests and not the content: a piece that does not match is not given out.</summary>
    /// <exception cref="InvalidInputException">The package is broken: the first failure in the order of the archive.</exception>
    /// <exception cref="OperationCanceledException">The pass was cancelled.</exception>
    public void ReadToEnd()
    {
        while (TryRead(out _))
        {
        }
    }

    /// <summary>Ends the pass; waits until its threads no longer touch the package's stream.</summary>
    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        stop.Cancel();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        (current, behind) = (null, null);
        ring.Dispose();
        inflater.Dispose();
        forward.Dispose();
        stop.Dispose();
    }

    /// <summary>Moves on to the next slot once all of this one has been given out.</summary>
    /// <returns>False if the package is at its end.</returns>
    private bool TryMoveOn()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        cancellation.ThrowIfCancellationRequested();
        if (digest is null && (current is null || next == current.Pieces.Count))
        {
            // The slot before stays until the first piece of this one is settled, which may lean on it.
            behind = current;
            current = ring.NextReady();
            next = 0;
        }

        return digest is null;
    }

    /// <summary>Makes a piece fit to be given out.</summary>
    /// <returns>False if it is none, but the end of the package.</returns>
    private bool TrySettle(ContentPiece piece)
    {
        piece.Failure?.Throw();
        if (piece.Part is null)
        {
            digest = pump.Digest;
            return false;
        }

        if (piece.NeedsWindow)
        {
            InflateBehind(piece);
        }

        given = piece.Content;
        behind?.Release();
        behind = null;
        return true;
    }

    // The piece settled last is the block before this one, still in its slot: every block but a file's last fills 64 KiB.
    private void InflateBehind(ContentPiece piece)
    {
        piece.Part!.IsChained = true;
        var window = given.Slice(BlockMap.BlockBytes - BlockInflater.WindowBytes, BlockInflater.WindowBytes);
        var content = piece.Content.Span;
        if (!inflater.TryInflate(window, piece.Compressed, content, piece.EndsStream) ||
            !map.Method.Matches(content, map.HashOf(piece.Block)))
        {
            piece.Failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(ContentWorker.Mismatch(piece));
            piece.Failure.Throw();
        }

        piece.NeedsWindow = false;
    }
}
