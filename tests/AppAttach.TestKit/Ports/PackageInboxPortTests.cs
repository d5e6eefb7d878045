using AppAttach.Pipeline.Ports;
using Xunit;

namespace AppAttach.TestKit.Ports;

/// <summary>What every <see cref="IPackageInbox"/> does.</summary>
public abstract class PackageInboxPortTests
{
    /// <summary>The inbox; the same one each time within a test.</summary>
    protected abstract Task<IPackageInbox> OpenInboxAsync();

    /// <summary>Drops a package, replacing one of that name, and describes the drop as the host would.</summary>
    protected abstract Task<PackageDrop> DropAsync(string name, byte[] content);

    /// <summary>Removes a dropped package.</summary>
    protected abstract Task RemoveAsync(string name);

    /// <summary>What a person who looks at the inbox reads about a package: state and detail, or null for nothing.</summary>
    protected abstract Task<(string State, string Detail)?> ReadMarkAsync(string name);

    [Theory]
    [InlineData("sample.msix")]
    [InlineData("with space & more (1).msix")]
    [InlineData("Grüße-日本語.msix")]
    [InlineData(".hidden.appx")]
    [InlineData("100% #1+2.msix")]
    public async Task PackageDropped_IsReadFromAnyPlace(string name)
    {
        var inbox = await OpenInboxAsync();
        var content = PortBytes.Make(300_007);
        var drop = await DropAsync(name, content);
        Assert.Equal((name, content.Length), (drop.Name, drop.SizeBytes));
        await using var stream = await inbox.OpenAsync(drop, CancellationToken.None);
        Assert.Equal(content.Length, stream.Length);
        stream.Position = 100_000;
        Assert.Equal(content[100_000..], await PortBytes.ReadAsync(stream));
        stream.Position = 0;
        Assert.Equal(content, await PortBytes.ReadAsync(stream));
    }

    [Fact]
    public async Task PackageReplaced_OldDropIsRefusedAndTheNewOneIsRead()
    {
        var inbox = await OpenInboxAsync();
        var before = await DropAsync("sample.msix", PortBytes.Make(1000));
        var after = await DropAsync("sample.msix", PortBytes.Make(1000, seed: 2));
        Assert.NotEqual(before.ETag, after.ETag);
        await Assert.ThrowsAsync<DropChangedException>(() => ReadAllAsync(inbox, before));
        Assert.Equal(PortBytes.Make(1000, seed: 2), await ReadAllAsync(inbox, after));
    }

    [Fact]
    public async Task PackageRemoved_DropIsRefused()
    {
        var inbox = await OpenInboxAsync();
        var drop = await DropAsync("sample.msix", PortBytes.Make(1000));
        await RemoveAsync("sample.msix");
        await Assert.ThrowsAsync<DropChangedException>(() => ReadAllAsync(inbox, drop));
    }

    [Fact]
    public async Task PackageStored_IsADropThatIsRead_AndStoringItAgainChangesNothing()
    {
        var inbox = await OpenInboxAsync();
        var content = PortBytes.Make(5_000_003);
        var drop = await inbox.StoreAsync("stored & new.msix", new MemoryStream(content), CancellationToken.None);
        Assert.Equal(("stored & new.msix", content.Length), (drop.Name, drop.SizeBytes));
        Assert.True(PortBytes.AreSame(content, await ReadAllAsync(inbox, drop)));
        Assert.Equal(drop, await inbox.StoreAsync("stored & new.msix", new MemoryStream(PortBytes.Make(10)), CancellationToken.None));
        Assert.True(PortBytes.AreSame(content, await ReadAllAsync(inbox, drop)));
    }

    [Fact]
    public async Task StoringThatBreaksOff_LeavesNothing()
    {
        var inbox = await OpenInboxAsync();
        await Assert.ThrowsAsync<IOException>(() => inbox.StoreAsync("broken.msix", new BreakingStream(5_000_003), CancellationToken.None));
        var content = PortBytes.Make(1000);
        var drop = await inbox.StoreAsync("broken.msix", new MemoryStream(content), CancellationToken.None);
        Assert.Equal(content, await ReadAllAsync(inbox, drop));
    }

    [Fact]
    public async Task Marked_TheLastMarkIsReadAndThePackageIsUnchanged()
    {
        var inbox = await OpenInboxAsync();
        var drop = await DropAsync("sample.msix", PortBytes.Make(1000));
        Assert.Null(await ReadMarkAsync("sample.msix"));
        await inbox.MarkAsync(drop, "failed", "share-unavailable: away", CancellationToken.None);
        await inbox.MarkAsync(drop, "released", "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2", CancellationToken.None);
        await inbox.MarkAsync(drop, "released", "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2", CancellationToken.None);
        Assert.Equal(("released", "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2"), await ReadMarkAsync("sample.msix"));
        Assert.Equal(PortBytes.Make(1000), await ReadAllAsync(inbox, drop));
    }

    [Fact]
    public async Task MarkOfADropThatIsGone_IsPassedOver()
    {
        var inbox = await OpenInboxAsync();
        var replaced = await DropAsync("sample.msix", PortBytes.Make(1000));
        await DropAsync("sample.msix", PortBytes.Make(1001));
        await inbox.MarkAsync(replaced, "rejected", "zip-corrupt: no", CancellationToken.None);
        Assert.Null(await ReadMarkAsync("sample.msix"));
        var removed = await DropAsync("other.msix", PortBytes.Make(10));
        await RemoveAsync("other.msix");
        await inbox.MarkAsync(removed, "rejected", "zip-corrupt: no", CancellationToken.None);
        Assert.Null(await ReadMarkAsync("other.msix"));
    }

    private static async Task<byte[]> ReadAllAsync(IPackageInbox inbox, PackageDrop drop)
    {
        // Some inboxes find out when a stream is opened, others with its first read.
        await using var stream = await inbox.OpenAsync(drop, CancellationToken.None);
        return await PortBytes.ReadAsync(stream);
    }
}
