using System.Security.Cryptography;
using AppAttach.Embedded.Shares;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;

namespace AppAttach.Embedded.Tests.Shares;

public sealed class DirectoryShareTests : IDisposable
{
    private const int PieceBytes = 1 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _image = PortBytes.Make((4 * PieceBytes) + 17);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CopyCutShort_GoesOnWhereItStopped()
    {
        var store = new CountingStore(_image) { FailsAtBytes = (2 * PieceBytes) + 5 };
        var share = new DirectoryShare("north", _folder.Path, store);
        var failure = await Assert.ThrowsAsync<ShareUnavailableException>(() => CopyAsync(share));
        Assert.Contains("The share is gone.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["image.vhdx.copying"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));

        store.FailsAtBytes = long.MaxValue;
        var path = await CopyAsync(share);
        Assert.Equal(_image.Length - (2 * PieceBytes), store.Opened!.BytesRead);
        Assert.Equal(_image, await File.ReadAllBytesAsync(path));
        Assert.Equal([path], Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public async Task CopyThatIsThere_IsNotReadFromTheHubAgain()
    {
        var store = new CountingStore(_image);
        var share = new DirectoryShare("north", _folder.Path, store);
        var path = await CopyAsync(share);
        var time = File.GetLastWriteTimeUtc(path);
        var opened = store.Opened;
        await CopyAsync(share);
        Assert.Same(opened, store.Opened);
        Assert.Equal(time, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public void RegionUnknown_IsNamed()
    {
        var shares = new DirectoryShares(_folder.Path, ["north"], new CountingStore(_image));
        Assert.Contains("west", Assert.Throws<ArgumentException>(() => shares.Get("west")).Message, StringComparison.Ordinal);
        Assert.Equal("north", shares.Get("north").Region);
    }

    private Task<string> CopyAsync(DirectoryShare share) =>
        share.CopyAsync("image.vhdx", Convert.ToHexStringLower(SHA256.HashData(_image)), _image.Length, previous: null, CancellationToken.None);
}
