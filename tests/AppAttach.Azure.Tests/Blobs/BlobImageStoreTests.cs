using AppAttach.Azure.Blobs;
using Azure;
using Azure.Storage.Blobs.Models;

namespace AppAttach.Azure.Tests.Blobs;

public sealed class BlobImageStoreTests(AzuriteFixture azurite)
{
    private const int Block = StagedBlockStream.BlockBytes;

    [Theory]
    [InlineData(1)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData((Block * (StagedBlockStream.MaximumBlocksInFlight + 2)) + 5)]
    public async Task ImageOfAnySize_IsReadBackAsWritten(int sizeBytes)
    {
        var store = new BlobImageStore(await azurite.CreateContainerAsync());
        var content = Bytes.Make(sizeBytes);

        await using (var upload = await store.CreateAsync("a.vhdx", CancellationToken.None))
        {
            for (var i = 0; i < sizeBytes; i += 1_000_003)
            {
                upload.Stream.Write(content, i, Math.Min(1_000_003, sizeBytes - i));
            }

            Assert.Equal(sizeBytes, upload.Stream.Position);
            await upload.CommitAsync(CancellationToken.None);
        }

        await using var stream = await store.OpenAsync("a.vhdx", CancellationToken.None);
        var read = new MemoryStream();
        await stream!.CopyToAsync(read);
        Assert.True(read.ToArray().AsSpan().SequenceEqual(content));
    }

    [Fact]
    public async Task ImageWrittenAsynchronously_IsReadBackAsWritten()
    {
        var store = new BlobImageStore(await azurite.CreateContainerAsync());
        var content = Bytes.Make(Block * 6);

        await using var upload = await store.CreateAsync("a.vhdx", CancellationToken.None);
        await upload.Stream.WriteAsync(content);
        await upload.CommitAsync(CancellationToken.None);

        await using var stream = await store.OpenAsync("a.vhdx", CancellationToken.None);
        var read = new byte[content.Length];
        await stream!.ReadExactlyAsync(read);
        Assert.True(read.AsSpan().SequenceEqual(content));
    }

    [Fact]
    public async Task AbandonedImage_LeavesNothingVisible()
    {
        var container = await azurite.CreateContainerAsync();
        var store = new BlobImageStore(container);

        await using (var upload = await store.CreateAsync("a.vhdx", CancellationToken.None))
        {
            upload.Stream.Write(Bytes.Make(Block * 3));
        }

        Assert.Null(await store.OpenAsync("a.vhdx", CancellationToken.None));
        Assert.Empty(await container.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task AbandonedReplacement_LeavesTheImageThatWasThere()
    {
        var store = new BlobImageStore(await azurite.CreateContainerAsync());
        await WriteAsync(store, [1, 2, 3]);

        await using (var upload = await store.CreateAsync("a.vhdx", CancellationToken.None))
        {
            upload.Stream.Write(Bytes.Make(Block + 1));
        }

        Assert.Equal([1, 2, 3], await ReadAsync(store));
    }

    [Fact]
    public async Task CommittedReplacement_TakesThePlaceInOneStep()
    {
        var store = new BlobImageStore(await azurite.CreateContainerAsync());
        await WriteAsync(store, [1, 2, 3]);
        await using var old = await store.OpenAsync("a.vhdx", CancellationToken.None);

        await WriteAsync(store, [4, 5]);

        Assert.Equal([4, 5], await ReadAsync(store));
        Assert.Throws<IOException>(() => old!.ReadByte());
    }

    [Fact]
    public async Task UploadWhoseBlocksWentWithAnotherCommit_FailsAndLeavesTheImageThatIsThere()
    {
        // The service drops a blob's staged blocks with every commit of another list; Azurite only with their container.
        var container = await azurite.CreateContainerAsync();
        var store = new BlobImageStore(container);
        await using var upload = await store.CreateAsync("a.vhdx", CancellationToken.None);
        await upload.Stream.WriteAsync(Bytes.Make(Block));
        await Eventually.IsTrueAsync(
            async () => (await container.GetBlobsAsync(BlobTraits.None, BlobStates.Uncommitted, null, CancellationToken.None).ToListAsync()).Count == 1,
            "The block is staged.");
        await container.DeleteAsync();
        await container.CreateAsync();
        await WriteAsync(store, [1, 2, 3]);

        var e = await Assert.ThrowsAsync<IOException>(() => upload.CommitAsync(CancellationToken.None));

        Assert.Contains("begin anew", e.Message);
        Assert.Equal([1, 2, 3], await ReadAsync(store));
    }

    [Fact]
    public async Task StoreThatIsGone_FailsTheWriterAndTheCommit()
    {
        var container = await azurite.CreateContainerAsync();
        await using var upload = await new BlobImageStore(container).CreateAsync("a.vhdx", CancellationToken.None);
        await container.DeleteAsync();

        Assert.Throws<RequestFailedException>(() => upload.Stream.Write(new byte[Block * (StagedBlockStream.MaximumBlocksInFlight + 2)]));
        await Assert.ThrowsAsync<RequestFailedException>(() => upload.CommitAsync(CancellationToken.None));
    }

    [Fact]
    public async Task DeletedImage_IsGoneAndCanBeDeletedAgain()
    {
        var store = new BlobImageStore(await azurite.CreateContainerAsync());
        await WriteAsync(store, [1]);

        await store.DeleteAsync("a.vhdx", CancellationToken.None);
        await store.DeleteAsync("a.vhdx", CancellationToken.None);

        Assert.Null(await store.OpenAsync("a.vhdx", CancellationToken.None));
    }

    private static async Task WriteAsync(BlobImageStore store, byte[] content)
    {
        await using var upload = await store.CreateAsync("a.vhdx", CancellationToken.None);
        await upload.Stream.WriteAsync(content);
        await upload.CommitAsync(CancellationToken.None);
    }

    private static async Task<byte[]> ReadAsync(BlobImageStore store)
    {
        await using var stream = await store.OpenAsync("a.vhdx", CancellationToken.None);
        var read = new MemoryStream();
        await stream!.CopyToAsync(read);
        return read.ToArray();
    }
}
