using System.IO.Compression;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Deflates content block by block, so that each block inflates alone. .NET has no full flush; a deflater of its own for each block has an empty
/// dictionary to start with, and flushing it ends the block on a byte boundary with the same empty stored block (00 00 FF FF) that a full flush
/// writes. What it writes on being closed would end the stream, and is cut off.
/// </summary>
internal sealed class BlockDeflater(CompressionLevel level, bool keepsDictionary) : IDisposable
{
    private readonly MemoryStream compressed = new();
    private DeflateStream? deflater;

    /// <summary>Deflates one block; the result is valid until the next call.</summary>
    public ReadOnlySpan<byte> Deflate(ReadOnlySpan<byte> content)
    {
        compressed.SetLength(0);
        deflater ??= new(compressed, level, leaveOpen: true);
        deflater.Write(content);
        deflater.Flush();
        var count = (int)compressed.Length;
        if (!keepsDictionary)
        {
            End();
        }

        return compressed.GetBuffer().AsSpan(0, count);
    }

    /// <summary>Forgets the content so far; the next block starts another part.</summary>
    public void End()
    {
        deflater?.Dispose();
        deflater = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        compressed.Dispose();
    }
}
