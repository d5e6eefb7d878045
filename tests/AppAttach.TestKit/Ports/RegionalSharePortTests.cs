using System.Security.Cryptography;
using AppAttach.Imaging.Deltas;
using AppAttach.Pipeline.Ports;
using Xunit;

namespace AppAttach.TestKit.Ports;

/// <summary>What every <see cref="IRegionalShare"/> does.</summary>
public abstract class RegionalSharePortTests
{
    private const string Name = "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2.vhdx";

    private const string PreviousName = "Contoso.Sample_1.2.3.3_x64__j8tmt7aeqvrx2.vhdx";

    private static readonly byte[] Content = PortBytes.Make(5_300_011);

    /// <summary>A new image: ranges in place and moved both ways, zeros at the end too, single bytes, and more than one request's worth.</summary>
    private static readonly DeltaRange[] Ranges =
    [
        new(0, 1000, DeltaSource.Image),
        new(1000, 4096, DeltaSource.Previous, 1000),
        new(5096, 70_000, DeltaSource.Zeros),
        new(75_096, 4_900_000, DeltaSource.Previous, 400_001),
        new(4_975_096, 1, DeltaSource.Image),
        new(4_975_097, 300_000, DeltaSource.Previous, 0),
        new(5_275_097, 4_500_000, DeltaSource.Image),
        new(9_775_097, 250_000, DeltaSource.Zeros),
    ];

    private static readonly byte[] Expected = Build(Ranges);

    /// <summary>An empty share; the same one each time within a test.</summary>
    protected abstract Task<IRegionalShare> OpenShareAsync();

    /// <summary>Puts an image into the hub that the share copies from, replacing one of that name.</summary>
    protected abstract Task PutIntoHubAsync(string name, byte[] content);

    /// <summary>Puts a file onto the share, under the image's own name.</summary>
    protected abstract Task PutOnShareAsync(string name, byte[] content);

    /// <summary>Puts a file onto the share as a killed copy of an image would have left it.</summary>
    protected abstract Task PutUnfinishedOnShareAsync(string name, byte[] content, byte[] image);

    /// <summary>Names of all files on the share, unfinished ones too.</summary>
    protected abstract Task<IReadOnlyList<string>> ListShareAsync();

    /// <summary>A file of the share, by its name.</summary>
    protected abstract Task<byte[]> ReadShareAsync(string name);

    /// <summary>Whether the share takes ranges from a previous copy; one that does not passes as well, but no test asks it to.</summary>
    protected virtual bool UsesPreviousCopies => false;

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
        await PutUnfinishedOnShareAsync(Name, Content[..sizeBytes], Content);
        await CopyAsync(share);
        await RequireCopyAsync();
    }

    [Fact]
    public async Task LongerUnfinishedFile_BecomesTheCopy()
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, Content);
        await PutUnfinishedOnShareAsync(Name, [.. Content, 1], Content);
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
        await PutUnfinishedOnShareAsync(Name, damaged, Content);
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

    [Fact]
    public async Task PreviousCopy_HelpsOrNot_AndTheCopyIsRight()
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, Expected);
        await PutOnShareAsync(PreviousName, Content);
        Assert.EndsWith(Name, await CopyAsync(share, Expected, Ranges), StringComparison.Ordinal);
        Assert.True(PortBytes.AreSame(Expected, await ReadShareAsync(Name)), "The copy differs from the image.");
        Assert.True(PortBytes.AreSame(Content, await ReadShareAsync(PreviousName)), "The previous copy was changed.");
    }

    [Fact]
    public async Task OnlyWhatThePreviousCopyLacks_ComesFromTheHub()
    {
        var share = await OpenShareAsync();

        // What the previous copy has, and what is zeros, is rubbish in the hub; unless the share copies whole images, which is right too.
        var hub = UsesPreviousCopies ? PortBytes.Make(Expected.Length, seed: 9) : [.. Expected];
        foreach (var range in Ranges.Where(range => range.Source == DeltaSource.Image))
        {
            Expected.AsSpan((int)range.OffsetBytes, (int)range.LengthBytes).CopyTo(hub.AsSpan((int)range.OffsetBytes));
        }

        await PutIntoHubAsync(Name, hub);
        await PutOnShareAsync(PreviousName, Content);
        await CopyAsync(share, Expected, Ranges);
        Assert.True(PortBytes.AreSame(Expected, await ReadShareAsync(Name)), "The copy differs from the image.");
        Assert.Equal([PreviousName, Name], (await ListShareAsync()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    [InlineData(5_300_011)]
    public async Task PreviousCopyMissingCutShortOrDamaged_LeavesARightCopyAllTheSame(int? previousBytes)
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, Expected);
        if (previousBytes is { } size)
        {
            await PutOnShareAsync(PreviousName, PortBytes.Make(size, seed: 5));
        }

        await CopyAsync(share, Expected, Ranges);
        Assert.True(PortBytes.AreSame(Expected, await ReadShareAsync(Name)), "The copy differs from the image.");
    }

    [Theory]
    [InlineData(1 << 20)]
    [InlineData((3 << 20) + 5)]
    public async Task BeginningOfACopyMadeWithAPreviousOne_IsGoneOnFrom(int sizeBytes)
    {
        var share = await OpenShareAsync();
        await PutIntoHubAsync(Name, Expected);
        await PutOnShareAsync(PreviousName, Content);
        await PutUnfinishedOnShareAsync(Name, Expected[..sizeBytes], Expected);
        await CopyAsync(share, Expected, Ranges);
        Assert.True(PortBytes.AreSame(Expected, await ReadShareAsync(Name)), "The copy differs from the image.");
    }

    private static Task<string> CopyAsync(IRegionalShare share, byte[] image, IReadOnlyList<DeltaRange> ranges) => share.CopyAsync(
        Name,
        Convert.ToHexStringLower(SHA256.HashData(image)),
        image.Length,
        new PreviousCopy(PreviousName, PreviousName, ranges),
        CancellationToken.None);

    private static byte[] Build(IReadOnlyList<DeltaRange> ranges)
    {
        var image = PortBytes.Make((int)ranges[^1].EndBytes, seed: 4);
        foreach (var range in ranges.Where(range => range.Source != DeltaSource.Image))
        {
            var target = image.AsSpan((int)range.OffsetBytes, (int)range.LengthBytes);
            target.Clear();
            if (range.Source == DeltaSource.Previous)
            {
                Content.AsSpan((int)range.SourceOffsetBytes, target.Length).CopyTo(target);
            }
        }

        return image;
    }

    private static Task<string> CopyAsync(IRegionalShare share) =>
        share.CopyAsync(Name, Convert.ToHexStringLower(SHA256.HashData(Content)), Content.Length, previous: null, CancellationToken.None);

    private async Task RequireCopyAsync()
    {
        Assert.Equal([Name], await ListShareAsync());
        Assert.True(PortBytes.AreSame(Content, await ReadShareAsync(Name)), "The copy differs from the image.");
    }
}
