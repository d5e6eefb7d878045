using System.Security.Cryptography;
using AppAttach.Pipeline.Ports;
using Xunit;

namespace AppAttach.TestKit.Ports;

/// <summary>What every <see cref="IRegionalShare"/> does.</summary>
public abstract class RegionalSharePortTests
{
    private const string Name = "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2.vhdx";

    private static readonly byte[] Content = PortBytes.Make(5_300_011);

    /// <summary>An empty share; the same one each time within a test.</summary>
    protected abstract Task<IRegionalShare> OpenShareAsync();

    /// <summary>Puts an image into the hub that the share copies from, replacing one of that name.</summary>
    protected abstract Task PutIntoHubAsync(string name, byte[] content);

    /// <summary>Puts a file onto the share, under the image's own name.</summary>
    protected abstract Task PutOnShareAsync(string name, byte[] content);

    /// <summary>Puts a file onto the share as a killed copy would have left it.</summary>
    protected abstract Task PutUnfinishedOnShareAsync(string name, byte[] content);

    /// <summary>Names of all files on the share, unfinished ones too.</summary>
    protected abstract Task<IReadOnlyList<string>> ListShareAsync();

    /// <summary>A file of the share, by its name.</summary>
    protected abstract Task<byte[]> ReadShareAsync(string name);

    /// <summary>Takes the share away, or brings it back as it was.</summary>
    protected abstract Task SetAwayAsync(bool isAway);

    [Fact]
    public async Task ImageCopied_IsThereUnderItsNameAndNothingElse()
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, Content);
        var path = await CopyAsync(share);
        Assert.EndsWith(Name, path, StringComparison.Ordinal);
        Assert.Equal(path, await CopyAsync(share));
        await RequireCopyAsync();
    }

    [Theory]
    [InlineData(5_300_011)]
    [InlineData(100)]
    [InlineData(6_000_000)]
    public async Task OtherFileUnderTheName_IsReplacedByTheCopy(int sizeBytes)
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, Content);
        await PutOnShareAsync(Name, PortBytes.Make(sizeBytes, seed: 2));
        await CopyAsync(share);
        await RequireCopyAsync();
    }

    [Fact]
    public async Task OtherFileUnderTheName_StaysUntilTheCopyIsVerified()
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, PortBytes.Make(Content.Length, seed: 3));
        await PutOnShareAsync(Name, PortBytes.Make(100, seed: 2));
        await Assert.ThrowsAsync<ShareUnavailableException>(() => CopyAsync(share));
        Assert.Equal(PortBytes.Make(100, seed: 2), await ReadShareAsync(Name));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(5_300_011)]
    public async Task BeginningOfACopy_IsGoneOnFrom(int sizeBytes)
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, Content);
        await PutUnfinishedOnShareAsync(Name, Content[..sizeBytes]);
        await CopyAsync(share);
        await RequireCopyAsync();
    }

    [Fact]
    public async Task LongerUnfinishedFile_BecomesTheCopy()
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, Content);
        await PutUnfinishedOnShareAsync(Name, [.. Content, 1]);
        await CopyAsync(share);
        await RequireCopyAsync();
    }

    [Fact]
    public async Task DamagedBeginningOfACopy_IsNeverListed_AndTheNextTryIsRight()
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, Content);
        byte[] damaged = [.. Content[..(2 << 20)]];
        damaged[1000] ^= 1;
        await PutUnfinishedOnShareAsync(Name, damaged);
        try
        {
            await CopyAsync(share);
        }
        catch (ShareUnavailableException)
        {
            // It found out by reading back; another implementation may start anew at once.
            Assert.DoesNotContain(Name, await ListShareAsync());
            await CopyAsync(share);
        }

        await RequireCopyAsync();
    }

    [Fact]
    public async Task HubHasOtherBytesThanTheDigest_NothingIsListed()
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, PortBytes.Make(Content.Length, seed: 2));
        await Assert.ThrowsAsync<ShareUnavailableException>(() => CopyAsync(share));
        Assert.DoesNotContain(Name, await ListShareAsync());
        await PutIntoHubAsync(Name, Content);
        await CopyAsync(share);
        await RequireCopyAsync();
    }

    [Fact]
    public async Task ImageMissingInTheHub_IsAnErrorThatIsNotTheShares()
    {
        var share = await OpenShareAsync();
        Assert.IsNotType<ShareUnavailableException>(await Record.ExceptionAsync(() => CopyAsync(share)) ?? throw new InvalidOperationException("No error."));
        Assert.Empty(await ListShareAsync());
    }

    [Fact]
    public async Task ShareAway_IsAnErrorToTryAgain_AndItsReturnIsNoticed()
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, Content);
        await SetAwayAsync(true);
        await Assert.ThrowsAsync<ShareUnavailableException>(() => CopyAsync(share));
        await SetAwayAsync(false);
        Assert.Empty(await ListShareAsync());
        await CopyAsync(share);
        await RequireCopyAsync();
    }

    private static Task<string> CopyAsync(IRegionalShare share) =>
        share.CopyAsync(Name, Convert.ToHexStringLower(SHA256.HashData(Content)), Content.Length, CancellationToken.None);

    private async Task RequireCopyAsync()
    {
        Assert.Equal([Name], await ListShareAsync());
        Assert.True(PortBytes.AreSame(Content, await ReadShareAsync(Name)), "The copy differs from the image.");
    }
}
