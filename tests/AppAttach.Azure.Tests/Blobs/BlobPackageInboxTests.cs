using AppAttach.Azure.Blobs;
using AppAttach.Pipeline.Ports;
using Azure.Storage.Blobs;

namespace AppAttach.Azure.Tests.Blobs;

public sealed class BlobPackageInboxTests(AzuriteFixture azurite)
{
    private const int SizeBytes = (9 << 20) + 12345;

    private static readonly byte[] Content = Bytes.Make(SizeBytes);

    [Fact]
    public async Task PackageReadFrontToBack_IsWhatWasDropped()
    {
        var (inbox, drop, _) = await DropAsync();

        await using var stream = await inbox.OpenAsync(drop, CancellationToken.None);
        var read = new MemoryStream();
        await stream.CopyToAsync(read, 70_000);

        Assert.Equal(SizeBytes, stream.Length);
        Assert.True(read.ToArray().AsSpan().SequenceEqual(Content));
    }

    [Fact]
    public async Task PackageReadBySynchronousCode_IsWhatWasDropped()
    {
        var (inbox, drop, _) = await DropAsync();

        await using var stream = await inbox.OpenAsync(drop, CancellationToken.None);
        var read = new byte[SizeBytes];
        stream.ReadExactly(read);

        Assert.True(read.AsSpan().SequenceEqual(Content));
        Assert.Equal(0, stream.Read(new byte[1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(BlobRangeStream.JumpBytes - 1)]
    [InlineData(BlobRangeStream.JumpBytes)]
    [InlineData(BlobRangeStream.RangeBytes + 1)]
    [InlineData(SizeBytes - 1)]
    public async Task AnyPosition_CanBeReadInAnyOrder(int position)
    {
        var (inbox, drop, _) = await DropAsync();
        await using var stream = await inbox.OpenAsync(drop, CancellationToken.None);

        foreach (var offset in (int[])[position, SizeBytes - 22, position, 17, position])
        {
            stream.Seek(offset, SeekOrigin.Begin);
            Assert.Equal(Content[offset], stream.ReadByte());
            var some = new byte[300];
            stream.Position = offset;
            var count = await stream.ReadAtLeastAsync(some, 300, throwOnEndOfStream: false);
            Assert.Equal(Content.AsSpan(offset, Math.Min(300, SizeBytes - offset)), some.AsSpan(0, count));
        }
    }

    [Fact]
    public async Task JumpForwardWhileReadingAhead_GivesTheRightBytes()
    {
        var (inbox, drop, _) = await DropAsync();
        await using var stream = await inbox.OpenAsync(drop, CancellationToken.None);
        stream.ReadExactly(new byte[BlobRangeStream.JumpBytes + 1]);

        stream.Position = BlobRangeStream.JumpBytes + BlobRangeStream.RangeBytes + 99;

        Assert.Equal(Content[BlobRangeStream.JumpBytes + BlobRangeStream.RangeBytes + 99], stream.ReadByte());
    }

    [Fact]
    public async Task ManyJumpsWhileReadingAhead_MakeNoMoreBuffers()
    {
        var (inbox, drop, _) = await DropAsync();
        await using var stream = Assert.IsType<BlobRangeStream>(await inbox.OpenAsync(drop, CancellationToken.None));
        var read = new byte[BlobRangeStream.JumpBytes + 1];
        for (var jump = 0; jump < 40; jump++)
        {
            var start = jump * 331_777 % (SizeBytes - read.Length);
            stream.Position = start;
            stream.ReadExactly(read);
            Assert.True(read.AsSpan().SequenceEqual(Content.AsSpan(start, read.Length)), $"What was read at {start} is something else.");
        }

        Assert.InRange(stream.BufferCount, 2, (2 * BlobRangeStream.ReadAheadRanges) + 2);
    }

    [Fact]
    public async Task PackageThatIsReplacedWhileItIsRead_EndsTheReading()
    {
        var (inbox, drop, blob) = await DropAsync();
        await using var stream = await inbox.OpenAsync(drop, CancellationToken.None);
        await stream.ReadExactlyAsync(new byte[100]);

        await blob.UploadAsync(BinaryData.FromBytes(Bytes.Make(SizeBytes, seed: 2)), overwrite: true);

        stream.Position = SizeBytes / 2;
        var e = await Assert.ThrowsAsync<DropChangedException>(() => stream.ReadAsync(new byte[10]).AsTask());
        Assert.Contains("was replaced", e.Message);
        Assert.Throws<DropChangedException>(() => stream.Read(new byte[10]));
    }

    [Fact]
    public async Task PackageThatIsReplacedWhileRangesAreFetchedAhead_NeverMixes()
    {
        var (inbox, drop, blob) = await DropAsync();
        await using var stream = await inbox.OpenAsync(drop, CancellationToken.None);
        var read = new byte[SizeBytes];
        stream.ReadExactly(read.AsSpan(0, BlobRangeStream.JumpBytes + 1));

        await blob.UploadAsync(BinaryData.FromBytes(Bytes.Make(SizeBytes, seed: 2)), overwrite: true);

        var count = BlobRangeStream.JumpBytes + 1;
        Assert.Throws<DropChangedException>(() =>
        {
            while (count < SizeBytes)
            {
                count += stream.Read(read.AsSpan(count));
            }

            // All of it had been fetched before the replacement: then one more pass has to fail.
            stream.Position = 0;
            stream.ReadByte();
        });
        Assert.True(read.AsSpan(0, count).SequenceEqual(Content.AsSpan(0, count)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PackageThatIsNoLongerThere_CannotBeOpened(bool isRemoved)
    {
        var (inbox, drop, blob) = await DropAsync();
        if (isRemoved)
        {
            await blob.DeleteAsync();
        }
        else
        {
            await blob.UploadAsync(BinaryData.FromString("other"), overwrite: true);
        }

        var e = await Assert.ThrowsAsync<DropChangedException>(() => inbox.OpenAsync(drop, CancellationToken.None));
        Assert.Contains("was replaced or removed", e.Message);
    }

    [Fact]
    public async Task Verdict_IsWrittenAsTagsAndLeavesTheDropAsItIs()
    {
        var (inbox, drop, blob) = await DropAsync();
        await blob.SetTagsAsync(new Dictionary<string, string> { ["team"] = "office" });

        await inbox.MarkAsync(drop, "rejected", "blockmap-mismatch: block 3 of 'a b.dll' (§2)", CancellationToken.None);
        await inbox.MarkAsync(drop, "rejected", "blockmap-mismatch: block 3 of 'a b.dll' (§2)", CancellationToken.None);

        var tags = (await blob.GetTagsAsync()).Value.Tags;
        Assert.Equal("rejected", tags[BlobPackageInbox.StateTag]);
        Assert.Equal("blockmap-mismatch: block 3 of _a b.dll_ __2_", tags[BlobPackageInbox.DetailTag]);
        Assert.Equal("office", tags["team"]);
        await using var stream = await inbox.OpenAsync(drop, CancellationToken.None);
        Assert.Equal(Content[0], stream.ReadByte());
    }

    [Fact]
    public async Task VerdictOnADropThatIsGone_IsPassedOver()
    {
        var (inbox, drop, blob) = await DropAsync();
        await blob.UploadAsync(BinaryData.FromString("other"), overwrite: true);

        await inbox.MarkAsync(drop, "released", "name", CancellationToken.None);
        Assert.Empty((await blob.GetTagsAsync()).Value.Tags);

        await blob.DeleteAsync();
        await inbox.MarkAsync(drop, "released", "name", CancellationToken.None);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(257)]
    public void LongDetail_FitsATag(int length) => Assert.Equal(256, BlobPackageInbox.ToTagValue(new string('x', length)).Length);

    private async Task<(BlobPackageInbox Inbox, PackageDrop Drop, BlobClient Blob)> DropAsync()
    {
        var service = azurite.Require();
        var container = await azurite.CreateContainerAsync();
        var blob = container.GetBlobClient("in/My App.msix");
        var etag = (await blob.UploadAsync(BinaryData.FromBytes(Content))).Value.ETag;

        // Event Grid gives the ETag without quotes.
        return (new BlobPackageInbox(service, container.Name), new PackageDrop(container.Name, blob.Name, etag.ToString().Trim('"'), SizeBytes), blob);
    }
}
