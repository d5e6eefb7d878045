using System.Security.Cryptography;
using AppAttach.Imaging.Disks;
using AppAttach.Imaging.IO;

namespace AppAttach.Imaging.Manifests;

/// <summary>
/// Passes an image file on, and keeps a hash of every KiB that is no file's content: disk structures and file system. A file record has
/// one KiB, so that one file's change does not touch the hash of another.
/// </summary>
/// <param name="output">Takes the image file; left open.</param>
/// <param name="content">The part of the file that holds files' content.</param>
internal sealed class StructureHashes(Stream output, ByteExtent content) : ForwardOutput
{
    /// <summary>Bytes of a piece.</summary>
    public const int PieceBytes = 1024;

    private readonly PieceList _head = new();
    private readonly PieceList _tail = new();

    /// <summary>Where the content is.</summary>
    public ByteExtent Content => content;

    /// <summary>Hashes of the pieces before the content, SHA-256, in order; all zeros for a piece of zeros.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Head => _head.Hashes;

    /// <summary>Hashes of the pieces behind the content.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Tail => _tail.Hashes;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        output.Write(buffer);
        if (Written < content.OffsetBytes)
        {
            _head.Add(buffer[..(int)Math.Min(buffer.Length, content.OffsetBytes - Written)]);
        }

        var end = Written + buffer.Length;
        if (end > content.EndBytes)
        {
            _tail.Add(buffer[^(int)Math.Min(buffer.Length, end - content.EndBytes)..]);
        }

        Written = end;
    }

    /// <summary>Hashes what is left of the last pieces.</summary>
    public void Complete()
    {
        _head.Complete();
        _tail.Complete();
    }

    /// <inheritdoc/>
    public override void Flush() => output.Flush();

    private sealed class PieceList
    {
        private const int HashesPerPage = 1024;

        private readonly List<byte[]> _pages = [];
        private readonly byte[] _partial = new byte[PieceBytes];
        private int _partialBytes;
        private int _count;

        public IEnumerable<ReadOnlyMemory<byte>> Hashes => Enumerable.Range(0, _count).Select(
            piece => (ReadOnlyMemory<byte>)_pages[piece / HashesPerPage].AsMemory(piece % HashesPerPage * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes));

        public void Add(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                if (_partialBytes == 0 && bytes.Length >= PieceBytes)
                {
                    Hash(bytes[..PieceBytes]);
                    bytes = bytes[PieceBytes..];
                    continue;
                }

                var count = Math.Min(bytes.Length, PieceBytes - _partialBytes);
                bytes[..count].CopyTo(_partial.AsSpan(_partialBytes));
                bytes = bytes[count..];
                _partialBytes += count;
                if (_partialBytes == PieceBytes)
                {
                    Complete();
                }
            }
        }

        public void Complete()
        {
            if (_partialBytes > 0)
            {
                Hash(_partial.AsSpan(0, _partialBytes));
                _partialBytes = 0;
            }
        }

        private void Hash(ReadOnlySpan<byte> piece)
        {
            if (_count % HashesPerPage == 0)
            {
                _pages.Add(new byte[HashesPerPage * SHA256.HashSizeInBytes]);
            }

            if (piece.ContainsAnyExcept((byte)0))
            {
                SHA256.HashData(piece, _pages[^1].AsSpan(_count % HashesPerPage * SHA256.HashSizeInBytes));
            }

            _count++;
        }
    }
}
