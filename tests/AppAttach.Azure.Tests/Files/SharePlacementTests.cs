using System.Net;
using AppAttach.Azure.Files;
using AppAttach.Azure.Tests.Blobs;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Azure.Tests.Files;

public sealed class SharePlacementTests
{
    private static readonly string[] Images = [.. Enumerable.Range(0, 1000).Select(i => $"App{i}_1.0.0.0_x64__8wekyb3d8bbwe.vhdx")];

    private readonly FakeFileService _service = new();

    [Fact]
    public void Images_AreSpreadEvenly()
    {
        var counts = Images.CountBy(image => First(image, "a", "b", "c", "d")).ToDictionary();

        Assert.All(counts.Values, count => Assert.InRange(count, 200, 300));
        Assert.Equal(4, counts.Count);
    }

    [Fact]
    public void AddedShare_TakesImagesAndMovesNoOther()
    {
        var moved = Images.Where(image => First(image, "a", "b", "c") != First(image, "a", "b", "c", "d")).ToList();

        Assert.All(moved, image => Assert.Equal("d", First(image, "a", "b", "c", "d")));
        Assert.InRange(moved.Count, 200, 300);
    }

    [Fact]
    public void OrderOfTheSettings_ChangesNothing() =>
        Assert.All(Images, image => Assert.Equal(First(image, "a", "b", "c"), First(image, "c", "a", "b")));

    [Fact]
    public async Task ImageOnAShare_StaysThereWhenSharesAreAdded()
    {
        var image = Images.First(name => First(name, FileShares.ShareAddressOf("one"), FileShares.ShareAddressOf("two")) == FileShares.ShareAddressOf("two"));
        var before = await CopyAsync(image, "one");

        Assert.Equal(before, await CopyAsync(image, "one", "two"));
        Assert.Single(_service.Files);
    }

    [Theory]
    [InlineData("one")]
    [InlineData("two")]
    public async Task NewImage_GoesToItsShare(string account)
    {
        var image = Images.First(name => First(name, FileShares.ShareAddressOf("one"), FileShares.ShareAddressOf("two")) == FileShares.ShareAddressOf(account));

        Assert.StartsWith($@"\\{account}.file.core.windows.net\share\images\", await CopyAsync(image, "one", "two"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewImages_AreSpreadOneByOne_SoThatNoShareHasMoreThanItsPart()
    {
        foreach (var image in Images.Take(20))
        {
            await CopyAsync(image, "one", "two", "three");
        }

        Assert.Equal([6, 7, 7], _service.Files.Keys.CountBy(file => file.Split(':')[0]).Select(share => share.Value).Order());
    }

    [Fact]
    public async Task InterruptedCopy_GoesOnOnTheShareWhereItWasBegun()
    {
        var image = Images.First(name => First(name, FileShares.ShareAddressOf("one"), FileShares.ShareAddressOf("two")) == FileShares.ShareAddressOf("one"));
        _service.Interfere = operation => operation.Contains("comp=rename", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;
        await Assert.ThrowsAsync<ShareUnavailableException>(() => CopyAsync(image, "one", "two"));
        _service.Interfere = _ => null;

        Assert.Contains("one", await CopyAsync(image, "one", "two"));
        Assert.Single(_service.Files);
    }

    [Fact]
    public async Task OtherShareThatIsAway_KeepsNothingBack()
    {
        var image = Images.First(name => First(name, FileShares.ShareAddressOf("one"), FileShares.ShareAddressOf("two")) == FileShares.ShareAddressOf("one"));
        _service.AwayAccounts.Add("two");

        Assert.Contains("one", await CopyAsync(image, "one", "two"));
    }

    [Fact]
    public async Task ShareOfANewImageThatIsAway_IsWaitedFor()
    {
        var image = Images.First(name => First(name, FileShares.ShareAddressOf("one"), FileShares.ShareAddressOf("two")) == FileShares.ShareAddressOf("one"));
        _service.AwayAccounts.Add("one");

        await Assert.ThrowsAsync<ShareUnavailableException>(() => CopyAsync(image, "one", "two"));
        Assert.Empty(_service.Files);
    }

    [Fact]
    public void RegionWithoutAShare_IsRefused() => Assert.Throws<ArgumentException>(() => FileShares.Make(_service, "west"));

    private static string First(string image, params string[] shares) => SharePlacement.Order(shares, share => share, image)[0];

    private Task<string> CopyAsync(string image, params string[] accounts)
    {
        var content = Bytes.Make(5000);
        _service.Sources[FileShares.HubAddressOf(image)] = content;
        return FileShares.Make(_service, "west", accounts).CopyAsync(image, Bytes.Hash(content), content.Length, previous: null, CancellationToken.None);
    }
}
