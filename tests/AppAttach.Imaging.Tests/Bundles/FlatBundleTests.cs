using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Bundles;

/// <summary>Bundles whose packages are files beside them.</summary>
public sealed class FlatBundleTests
{
    [Fact]
    public void PackagesBeside_AreOpenedWhenAskedFor_AndClosedWithTheBundle()
    {
        var open = 0;
        Stream? OpenBeside(string name)
        {
            open++;
            return new CountedStream(BundleSample.Folder(BundleSample.Members)(name)!, () => open--);
        }

        var bundle = BundleContent.Open(new BundleBuilder { IsFlat = true }.With(BundleSample.Members).Build(), OpenBeside);
        Assert.True(bundle.IsFlat);
        Assert.All(bundle.Packages, package => Assert.True(package.IsBeside));
        Assert.Equal(0, open);

        BundleContent.Drain(bundle.Packages[0].Open());
        BundleContent.Drain(bundle.Packages[0].Open());
        BundleContent.Drain(bundle.Packages[1].Open());
        Assert.Equal(2, open);
        bundle.Dispose();
        Assert.Equal(0, open);
        Assert.Throws<ObjectDisposedException>(bundle.Packages[0].Open);
    }

    [Fact]
    public void StubsBeside_LieInTheirFolder()
    {
        BundleMember[] members = [BundleSample.X64, BundleSample.Stub("x64")];
        using var bundle = BundleContent.Open(new BundleBuilder { IsFlat = true }.With(members).Build(), BundleSample.Folder(members));

        Assert.Equal(2, bundle.Packages.Count);
    }

    [Fact]
    public void MissingPackageOrFolder_IsRefused()
    {
        var bytes = new BundleBuilder { IsFlat = true }.With(BundleSample.Members).Build();
        var missing = BundleContent.Refusal(bytes, BundleSample.Folder(BundleSample.X64));
        var alone = BundleContent.Refusal(bytes);

        Assert.Equal((Defect.BundleInvalid, Defect.BundleInvalid), (missing.Defect, alone.Defect));
        Assert.Contains("'app_x86.msix', which is neither in the bundle nor beside it", missing.Message, StringComparison.Ordinal);
        Assert.Contains("flat bundle", alone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PackageBesideOfAnotherSizeOrIdentity_IsRefused()
    {
        var bytes = new BundleBuilder { IsFlat = true }.With(BundleSample.X64).Build();
        var larger = BundleSample.X64 with { Content = [.. BundleSample.X64.Content, 0] };
        var sizeless = new BundleBuilder { IsFlat = true }.With(BundleSample.X64 with { Size = "" }).Build();
        var other = BundleSample.X64 with { Content = BundleSample.X86.Content };

        Assert.Contains("bytes, and it has", BundleContent.Refusal(bytes, BundleSample.Folder(larger)).Message, StringComparison.Ordinal);
        Assert.Contains("the architecture 'x64'", BundleContent.Refusal(sizeless, BundleSample.Folder(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PackageBesideReplacedAfterOpening_IsRefusedWhenOpened()
    {
        var beside = BundleSample.X64;
        using var bundle = BundleContent.Open(
            new BundleBuilder { IsFlat = true }.With(BundleSample.X64 with { Size = "" }).Build(), name => BundleSample.Folder(beside)(name));
        beside = BundleSample.X64 with { Content = BundleSample.X86.Content };

        Assert.Equal(Defect.BundleInvalid, Assert.Throws<InvalidInputException>(bundle.Packages[0].Open).Defect);
    }

    [Theory]
    [InlineData(@"..\evil.msix")]
    [InlineData("../evil.msix")]
    [InlineData(@"\evil.msix")]
    [InlineData("/evil.msix")]
    [InlineData(@"C:\evil.msix")]
    [InlineData("evil.msix:stream.msix")]
    [InlineData(@"\\server\share\evil.msix")]
    [InlineData("con.msix")]
    [InlineData(@".\evil.msix")]
    [InlineData("a&#xFFFF;.msix")]
    public void NameThatLeadsElsewhere_IsNeverAskedFor(string name)
    {
        var asked = new List<string>();
        var bytes = new BundleBuilder { IsFlat = true }.With(BundleSample.X64 with { ListedName = name }).Build();
        var exception = BundleContent.Refusal(bytes, name =>
        {
            asked.Add(name);
            return null;
        });

        Assert.Empty(asked);
        Assert.True(exception.Defect is Defect.UnsafeName or Defect.ManifestInvalid, exception.ToString());
    }

    [Theory]
    [InlineData(@"folder\evil.msix")]
    [InlineData(@"AppxMetadata\Stub\folder\evil.msix")]
    public void NameBelowTheFolder_IsNeverAskedForEither(string name)
    {
        var asked = new List<string>();
        var bytes = new BundleBuilder { IsFlat = true }.With(BundleSample.X64 with { ListedName = name }).Build();
        var exception = BundleContent.Refusal(bytes, name =>
        {
            asked.Add(name);
            return null;
        });

        Assert.Empty(asked);
        Assert.Equal(Defect.BundleInvalid, exception.Defect);
    }
}
