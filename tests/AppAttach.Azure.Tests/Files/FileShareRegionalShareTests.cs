using System.Net;
using AppAttach.Azure.Files;
using AppAttach.Azure.Tests.Blobs;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Azure.Tests.Files;

public sealed class FileShareRegionalShareTests
{
    private const string Image = "App_1.0.0.0_x64__8wekyb3d8bbwe.vhdx";
    private const int RangeBytes = ImageFileShare.MaximumRangeBytes;

    private readonly FakeFileService _service = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(RangeBytes, 1)]
    [InlineData(RangeBytes + 1, 2)]
    [InlineData((RangeBytes * 5) + 77, 6)]
    public async Task Image_IsCopiedVerifiedAndRenamed(int sizeBytes, int ranges)
    {
        var content = Source(sizeBytes);

        var path = await CopyAsync(content);

        Assert.Equal($@"\\acct.file.core.windows.net\share\images\{Image}", path);
        Assert.Equal(["images/" + Image], _service.Files.Keys);
        Assert.True(_service.Files["images/" + Image].Content.AsSpan().SequenceEqual(content));
        Assert.Equal(ranges, _service.Log.Count(line => line.StartsWith("PUT comp=range ", StringComparison.Ordinal)));
        Assert.Equal("PUT comp=rename", _service.Log[^1]);
    }

    [Fact]
    public async Task CopyThatIsThere_IsReadBackAndLeftAlone()
    {
        var content = Source(RangeBytes + 5);
        await CopyAsync(content);
        _service.Log.Clear();

        await CopyAsync(content);

        Assert.NotEmpty(_service.Log);
        Assert.All(_service.Log, line => Assert.True(line.StartsWith("HEAD", StringComparison.Ordinal) || line.StartsWith("GET", StringComparison.Ordinal), line));
    }

    [Fact]
    public async Task CopyThatIsDamaged_IsReplaced()
    {
        var content = Source(RangeBytes + 5);
        await CopyAsync(content);
        _service.Files["images/" + Image].Content[3] ^= 1;

        await CopyAsync(content);

        Assert.True(_service.Files["images/" + Image].Content.AsSpan().SequenceEqual(content));
    }

    [Fact]
    public async Task InterruptedCopy_GoesOnWithTheMissingRanges()
    {
        var content = Source(RangeBytes * 6);
        var missing = $"PUT comp=range bytes={RangeBytes * 4}-{(RangeBytes * 5) - 1}";
        _service.Interfere = operation => operation == missing ? HttpStatusCode.Forbidden : null;
        await Assert.ThrowsAsync<ShareUnavailableException>(() => CopyAsync(content));
        Assert.DoesNotContain("images/" + Image, _service.Files.Keys);
        var done = Assert.Single(_service.Files.Values).Ranges.Count;

        _service.Interfere = _ => null;
        _service.Log.Clear();
        await CopyAsync(content);

        var copied = _service.Log.Where(line => line.StartsWith("PUT comp=range ", StringComparison.Ordinal)).ToList();
        Assert.Contains(missing, copied);
        Assert.Equal(6 - done, copied.Count);
        Assert.True(_service.Files["images/" + Image].Content.AsSpan().SequenceEqual(content));
    }

    [Fact]
    public async Task ServiceThatIsBusyOnce_IsAskedAgain()
    {
        var content = Source(RangeBytes + 1);
        var refused = new HashSet<string>();
        _service.Interfere = operation => refused.Add(operation) ? HttpStatusCode.ServiceUnavailable : null;

        await CopyAsync(content);

        Assert.True(_service.Files["images/" + Image].Content.AsSpan().SequenceEqual(content));
    }

    [Fact]
    public async Task ServiceThatStaysAway_IsUnavailable()
    {
        _service.AwayAccounts.Add("acct");

        var e = await Assert.ThrowsAsync<ShareUnavailableException>(() => CopyAsync(Source(10)));

        Assert.Contains("https://acct.file.core.windows.net/share", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task SourceThatIsNotTheImage_IsNeverListed()
    {
        var content = Source(RangeBytes + 5);
        var digest = Bytes.Hash(content);
        content[9] ^= 1;

        var e = await Assert.ThrowsAsync<ShareUnavailableException>(() => Share().CopyAsync(Image, digest, content.Length, previous: null, CancellationToken.None));

        Assert.Contains(Bytes.Hash(content), e.Message);
        Assert.Empty(_service.Files);
    }

    [Fact]
    public async Task DamagedCopyThatAHostHasOpen_IsUnavailable()
    {
        var content = Source(100);
        await CopyAsync(content);
        _service.Files["images/" + Image].Content[3] ^= 1;
        _service.Open.Add("images/" + Image);

        var e = await Assert.ThrowsAsync<ShareUnavailableException>(() => CopyAsync(content));

        Assert.IsType<global::Azure.RequestFailedException>(e.InnerException);
        Assert.Equal("SharingViolation", ((global::Azure.RequestFailedException)e.InnerException).ErrorCode);
    }

    [Fact]
    public async Task CopyThatIsDeleted_IsGoneAndCanBeDeletedAgain()
    {
        await CopyAsync(Source(100));

        await Share().DeleteAsync(Image, CancellationToken.None);
        Assert.Empty(_service.Files);
        await Share().DeleteAsync(Image, CancellationToken.None);
    }

    [Fact]
    public async Task CopyThatAHostHasOpen_CannotBeDeletedYet()
    {
        await CopyAsync(Source(100));
        _service.Open.Add("images/" + Image);

        var e = await Assert.ThrowsAsync<ShareUnavailableException>(() => Share().DeleteAsync(Image, CancellationToken.None));

        Assert.Contains("still has its copy", e.Message);
        Assert.NotEmpty(_service.Files);
    }

    [Fact]
    public async Task CancelledCopy_SaysSo()
    {
        using var stop = new CancellationTokenSource();
        _service.Interfere = operation =>
        {
            if (operation.StartsWith("PUT comp=range", StringComparison.Ordinal))
            {
                stop.Cancel();
            }

            return null;
        };

        var content = Source(RangeBytes * 40);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Share().CopyAsync(Image, Bytes.Hash(content), content.Length, previous: null, stop.Token));
        Assert.DoesNotContain("images/" + Image, _service.Files.Keys);
    }

    [Fact]
    public void Regions_AreOrderedAndUnknownOnesRefused()
    {
        var shares = new FileShareRegionalShares([Share("west"), Share("north")]);

        Assert.Equal(["north", "west"], shares.Regions);
        Assert.Equal("west", shares.Get("west").Region);
        Assert.Throws<ArgumentException>(() => shares.Get("mars"));
    }

    private byte[] Source(int sizeBytes)
    {
        var content = Bytes.Make(sizeBytes);
        _service.Sources[FileShares.HubAddressOf(Image)] = content;
        return content;
    }

    private Task<string> CopyAsync(byte[] content) => Share().CopyAsync(Image, Bytes.Hash(content), content.Length, previous: null, CancellationToken.None);

    private FileShareRegionalShare Share(string region = "west") => FileShares.Make(_service, region, "acct");
}
