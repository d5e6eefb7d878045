using AppAttach.Azure.Blobs;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AppAttach.Azure.Tests.Blobs;

public sealed class BlobRangeStreamTests
{
    private const int SizeBytes = (9 * BlobRangeStream.RangeBytes) + 4321;

    [Fact]
    public void Pass_FetchesIntoTheBuffersOfTheStreamAndIntoNoOthers()
    {
        var blob = new ArrayBlob();
        using var stream = new BlobRangeStream(blob, new ETag("etag"), SizeBytes, e => e);

        var read = new byte[SizeBytes];
        stream.ReadExactly(read);

        Assert.True(read.AsSpan().SequenceEqual(Bytes.Make(SizeBytes)));
        Assert.Equal(stream.BufferCount, blob.Targets.Count);
    }

    [Fact]
    public void RangeThatEndsEarly_IsAnErrorAndNotAShortPackage()
    {
        using var stream = new BlobRangeStream(new ArrayBlob { LostBytes = 1 }, new ETag("etag"), SizeBytes, e => e);

        Assert.Throws<EndOfStreamException>(() => stream.ReadExactly(new byte[10]));
    }

    /// <summary>A blob whose ranges come in pieces, and which remembers the arrays that they were read into.</summary>
    private sealed class ArrayBlob : BlobBaseClient
    {
        private readonly byte[] _content = Bytes.Make(SizeBytes);

        public HashSet<byte[]> Targets { get; } = [];

        public int LostBytes { get; init; }

        public override Response<BlobDownloadStreamingResult> DownloadStreaming(BlobDownloadOptions options, CancellationToken cancellationToken)
        {
            var range = options.Range;
            var content = new Pieces(_content, (int)range.Offset, (int)range.Length!.Value - LostBytes, Targets);
            return Response.FromValue(BlobsModelFactory.BlobDownloadStreamingResult(content), null!);
        }
    }

    /// <summary>A range as the SDK's stream gives it.</summary>
    private sealed class Pieces(byte[] content, int offset, int count, HashSet<byte[]> targets) : MemoryStream(content, offset, count)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            lock (targets)
            {
                targets.Add(buffer);
            }

            return base.Read(buffer, offset, Math.Min(count, 99_999));
        }

        /// <summary>What <see cref="Stream"/> itself does here costs a second array.</summary>
        public override int Read(Span<byte> buffer) => throw new NotSupportedException("The SDK's stream has no overload for spans.");
    }
}
