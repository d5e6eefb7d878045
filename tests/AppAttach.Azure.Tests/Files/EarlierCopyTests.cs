using System.Net;
using AppAttach.Azure.Files;
using AppAttach.Azure.Tests.Blobs;
using AppAttach.Imaging.Deltas;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Azure.Tests.Files;

/// <summary>Copies that take from an earlier one what it has: what travels, and what happens when it cannot be taken.</summary>
public sealed class EarlierCopyTests
{
    private const string EarlierImage = "App_1.0.0.0_x64__8wekyb3d8bbwe.vhdx";
    private const int RangeBytes = ImageFileShare.MaximumRangeBytes;

    /// <summary>One that goes to the account <c>acct</c>, if there is also <c>other</c>.</summary>
    private static readonly string Image = Enumerable.Range(2, 20).Select(i => $"App_{i}.0.0.0_x64__8wekyb3d8bbwe.vhdx").First(name =>
        SharePlacement.Order([FileShares.ShareAddressOf("acct"), FileShares.ShareAddressOf("other")], share => share, name)[0]
            == FileShares.ShareAddressOf("acct"));

    /// <summary>More than one request from the earlier copy, then small ranges of both, then zeros.</summary>
    private static readonly DeltaRange[] Ranges =
    [
        new(0, (2 * RangeBytes) + 10, DeltaSource.Previous, 5),
        new((2 * RangeBytes) + 10, 3000, DeltaSource.Image),
        new((2 * RangeBytes) + 3010, 500, DeltaSource.Previous, 77),
        new((2 * RangeBytes) + 3510, RangeBytes, DeltaSource.Image),
        new((3 * RangeBytes) + 3510, RangeBytes, DeltaSource.Zeros),
    ];

    private static readonly byte[] Earlier = Bytes.Make((2 * RangeBytes) + 1000);
    private static readonly byte[] Expected = Build();

    private readonly FakeFileService _service = new();

    [Theory]
    [InlineData("acct")]
    [InlineData("other")]
    public async Task WhatTheEarlierCopyHas_DoesNotTravel_WhicheverShareItIsOn(string account)
    {
        Put(account);

        await CopyAsync("acct", account);

        RequireCopy();
        Assert.Equal(RangeBytes + 3000, _service.HubBytes);
        Assert.Equal(6, _service.Log.Count(line => line.StartsWith("PUT comp=range ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task FilesThatCannotBeCopiedFrom_AreAskedOnceEach_AndAllComesFromTheHub()
    {
        Put("acct");
        _service.TakesTokensForFiles = false;

        await CopyAsync("acct");

        RequireCopy();
        Assert.Equal((3 * RangeBytes) + 3510, _service.HubBytes);
        Assert.InRange(_service.Log.Count(line => line.StartsWith("PUT comp=range ", StringComparison.Ordinal)), 7, 10);
    }

    [Fact]
    public async Task ShareOfTheEarlierCopyThatIsAway_KeepsNothingBack()
    {
        Put("other");
        _service.AwayAccounts.Add("other");

        await CopyAsync("acct", "other");

        RequireCopy();
        Assert.Equal(Expected.Length, _service.HubBytes);
    }

    [Fact]
    public async Task EarlierCopyThatIsDamaged_CostsOneMoreTry()
    {
        Put("acct");
        _service.Files["images/" + EarlierImage].Content[9] ^= 1;

        await CopyAsync("acct");

        RequireCopy();
        Assert.Equal(RangeBytes + 3000 + Expected.Length, _service.HubBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64 << 10)]
    public async Task InterruptedCopy_GoesOn_HoweverRangesAreListed(int listedBlockBytes)
    {
        Put("acct");
        _service.ListedBlockBytes = listedBlockBytes;
        var small = $"PUT comp=range bytes={(2 * RangeBytes) + 10}-{(2 * RangeBytes) + 3009}";
        _service.Interfere = operation => operation == small ? HttpStatusCode.Forbidden : null;
        await Assert.ThrowsAsync<ShareUnavailableException>(() => CopyAsync("acct"));
        Assert.DoesNotContain("images/" + Image, _service.Files.Keys);

        _service.Interfere = _ => null;
        _service.Log.Clear();
        await CopyAsync("acct");

        RequireCopy();
        Assert.Contains(small, _service.Log);
        Assert.DoesNotContain(_service.Log, line => line.StartsWith("DELETE", StringComparison.Ordinal));
    }

    private static byte[] Build()
    {
        var image = Bytes.Make((int)Ranges[^1].EndBytes);
        image.AsSpan().Reverse();
        foreach (var range in Ranges)
        {
            var target = image.AsSpan((int)range.OffsetBytes, (int)range.LengthBytes);
            switch (range.Source)
            {
                case DeltaSource.Previous:
                    Earlier.AsSpan((int)range.SourceOffsetBytes, target.Length).CopyTo(target);
                    break;
                case DeltaSource.Zeros:
                    target.Clear();
                    break;
            }
        }

        return image;
    }

    private void Put(string account)
    {
        _service.Sources[FileShares.HubAddressOf(Image)] = Expected;
        _service.Files[(account == "acct" ? "" : account + ":") + "images/" + EarlierImage] = ([.. Earlier], []);
    }

    private Task<string> CopyAsync(params string[] accounts)
    {
        _service.Directories.UnionWith(["images", "other:images"]);
        return FileShares.Make(_service, "west", [.. accounts.Distinct()]).CopyAsync(
            Image,
            Bytes.Hash(Expected),
            Expected.Length,
            new PreviousCopy(EarlierImage, EarlierImage, Ranges),
            CancellationToken.None);
    }

    private void RequireCopy()
    {
        Assert.True(_service.Files["images/" + Image].Content.AsSpan().SequenceEqual(Expected), "The copy differs from the image.");
        Assert.Equal(2, _service.Files.Count);
    }
}
