using AppAttach.Pipeline.Ports;
using Xunit;

namespace AppAttach.TestKit.Ports;

/// <summary>What every <see cref="IImageStore"/> does.</summary>
public abstract class ImageStorePortTests
{
    private const string Name = "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2.vhdx";

    /// <summary>An empty store; the same one each time within a test.</summary>
    protected abstract Task<IImageStore> OpenStoreAsync();

    /// <summary>Names of everything that a reader of the store can see.</summary>
    protected abstract Task<IReadOnlyList<string>> ListAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_011)]
    public async Task ImageCommitted_IsReadBackFromAnyPlace(int sizeBytes)
    {
        var store = await OpenStoreAsync();
        var content = PortBytes.Make(sizeBytes);
        await WriteAsync(store, content);
        await using var stream = await store.OpenAsync(Name, CancellationToken.None);
        Assert.Equal(sizeBytes, stream!.Length);
        Assert.True(PortBytes.AreSame(content, await PortBytes.ReadAsync(stream)));
        stream.Position = sizeBytes / 2;
        Assert.True(PortBytes.AreSame(content[(sizeBytes / 2)..], await PortBytes.ReadAsync(stream)));
        Assert.Equal([Name], await ListAsync());
    }

    [Fact]
    public async Task ImageNotCommitted_IsNeverVisible()
    {
        var store = await OpenStoreAsync();
        await using (var upload = await store.CreateAsync(Name, CancellationToken.None))
        {
            await upload.Stream.WriteAsync(PortBytes.Make(5_000_011));
            Assert.Null(await store.OpenAsync(Name, CancellationToken.None));
        }

        Assert.Null(await store.OpenAsync(Name, CancellationToken.None));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task ImageNotCommitted_LeavesTheOneBeforeAsItIs()
    {
        var store = await OpenStoreAsync();
        await WriteAsync(store, PortBytes.Make(1000));
        await using (var upload = await store.CreateAsync(Name, CancellationToken.None))
        {
            await upload.Stream.WriteAsync(PortBytes.Make(2000, seed: 2));
        }

        await using var stream = await store.OpenAsync(Name, CancellationToken.None);
        Assert.Equal(PortBytes.Make(1000), await PortBytes.ReadAsync(stream!));
    }

    [Fact]
    public async Task CommittedAgain_ReplacesTheImage()
    {
        var store = await OpenStoreAsync();
        await WriteAsync(store, PortBytes.Make(3000));
        await WriteAsync(store, PortBytes.Make(2000, seed: 2));
        await using var stream = await store.OpenAsync(Name, CancellationToken.None);
        Assert.Equal(PortBytes.Make(2000, seed: 2), await PortBytes.ReadAsync(stream!));
        Assert.Equal([Name], await ListAsync());
    }

    [Fact]
    public async Task TwoUploadsAtOnce_TheLastCommitThatIsTakenCounts_Whole()
    {
        var store = await OpenStoreAsync();
        await using var first = await store.CreateAsync(Name, CancellationToken.None);
        await using var second = await store.CreateAsync(Name, CancellationToken.None);
        await first.Stream.WriteAsync(PortBytes.Make(3000));
        await second.Stream.WriteAsync(PortBytes.Make(2000, seed: 2));
        await second.CommitAsync(CancellationToken.None);
        var expected = PortBytes.Make(3000);
        try
        {
            await first.CommitAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            // A store that keeps no two uploads of a name may refuse; it must not mix them.
            expected = PortBytes.Make(2000, seed: 2);
        }

        await using var stream = await store.OpenAsync(Name, CancellationToken.None);
        Assert.Equal(expected, await PortBytes.ReadAsync(stream!));
    }

    [Fact]
    public async Task Deleted_IsGone_AndDeletingAgainIsPassedOver()
    {
        var store = await OpenStoreAsync();
        await WriteAsync(store, PortBytes.Make(10));
        await store.DeleteAsync(Name, CancellationToken.None);
        await store.DeleteAsync(Name, CancellationToken.None);
        Assert.Null(await store.OpenAsync(Name, CancellationToken.None));
        Assert.Empty(await ListAsync());
    }

    private static async Task WriteAsync(IImageStore store, byte[] content)
    {
        await using var upload = await store.CreateAsync(Name, CancellationToken.None);
        await upload.Stream.WriteAsync(content);
        await upload.CommitAsync(CancellationToken.None);
    }
}
