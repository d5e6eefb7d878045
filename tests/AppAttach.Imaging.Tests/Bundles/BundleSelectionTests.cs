using AppAttach.Imaging.Bundles;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Bundles;

/// <summary>Which packages of a bundle a target needs.</summary>
public sealed class BundleSelectionTests
{
    [Theory]
    [InlineData("x64,x86,arm64", "x64", "x64", "")]
    [InlineData("x64,x86,arm64", "x86", "x86", "")]
    [InlineData("x64,x86,arm64", "arm64", "arm64", "")]
    [InlineData("x64,x86,arm64", "x64,arm64", "x64,arm64", "")]
    [InlineData("x86", "x64", "x86", "")]
    [InlineData("x86", "x64,x86", "x86", "")]
    [InlineData("x86,x64", "arm64", "x64", "")]
    [InlineData("arm,x86", "arm64", "x86", "")]
    [InlineData("neutral", "x64", "neutral", "")]
    [InlineData("neutral", "arm", "neutral", "")]
    [InlineData("x64", "x86", "", "x86")]
    [InlineData("arm64", "x64,arm64", "arm64", "x64")]
    [InlineData("x64,x86", "", "", "")]
    [InlineData("x64,x86", null, "x64,x86", "")]
    public void Architectures_TakeTheBestPackageForEachHost(string packages, string? hosts, string taken, string unmet)
    {
        using var bundle = BundleContent.Open(BundleSample.Of([.. packages.Split(',').Select(architecture => BundleMember.Application(architecture))]));
        var selection = BundleSelection.Choose(bundle, new() { Architectures = Split(hosts) });

        Assert.Equal(taken, string.Join(',', selection.Packages.Select(package => package.Entry.Architecture)));
        Assert.Equal(unmet, string.Join(',', selection.UnmetArchitectures));
        Assert.Equal(bundle.Packages, selection.Choices.Select(choice => choice.Package));
        Assert.All(selection.Choices, choice => Assert.NotEmpty(choice.Reason));
    }

    [Theory]
    [InlineData("de-DE,fr-FR", "de-DE", "de-DE")]
    [InlineData("de-DE,fr-FR", "de", "de-DE")]
    [InlineData("de,fr", "de-AT", "de")]
    [InlineData("de-DE,de", "de-DE", "de-DE,de")]
    [InlineData("de-DE,de-CH", "de-DE", "de-DE")]
    [InlineData("de-DE,de-CH", "de-AT", "de-DE,de-CH")]
    [InlineData("de-DE,de", "de-AT", "de")]
    [InlineData("zh-CN,zh-TW", "zh-Hans", "zh-CN")]
    [InlineData("zh-CN,zh-TW", "zh-HK", "zh-TW")]
    [InlineData("zh-Hans,zh-Hant", "zh-CN", "zh-Hans")]
    [InlineData("sr-Latn-RS,sr-Cyrl-RS", "sr-Cyrl", "sr-Cyrl-RS")]
    [InlineData("DE-de", "de-DE", "DE-de")]
    [InlineData("und,de", "fr", "und")]
    [InlineData("en-us,de-DE", "fr-FR", "en-us")]
    [InlineData("en,de-DE", "fr-FR", "en")]
    [InlineData("en-us,de-DE", "", "en-us")]
    [InlineData("de-DE,fr-FR", null, "de-DE,fr-FR")]
    [InlineData("es-419,es-ES", "es-419", "es-419")]
    public void Languages_TakeWhatComesNearest_AndTheDefault(string offered, string? wanted, string taken)
    {
        var resources = offered.Split(',').Select(language => BundleMember.Resource($"split.{language}", $"<Resource Language=\"{language}\"/>"));
        using var bundle = BundleContent.Open(BundleSample.Of([BundleSample.X64, .. resources]));
        var selection = BundleSelection.Choose(bundle, new() { Languages = Split(wanted) });

        Assert.Equal(taken, string.Join(',', selection.Packages.Skip(1).Select(package => package.Entry.Languages[0])));
    }

    [Theory]
    [InlineData("125,150,200,400", "100", "125")]
    [InlineData("125,150,200,400", "150", "150")]
    [InlineData("125,150,200,400", "151", "200")]
    [InlineData("125,150,200,400", "500", "400")]
    [InlineData("125,150,200,400", "150,400", "150,400")]
    [InlineData("125,150", "", "")]
    [InlineData("125,150", null, "125,150")]
    public void Scales_TakeTheNextAtOrAbove(string offered, string? wanted, string taken)
    {
        var resources = offered.Split(',').Select(scale => BundleMember.Resource($"split.scale-{scale}", $"<Resource Scale=\"{scale}\"/>"));
        using var bundle = BundleContent.Open(BundleSample.Of([BundleSample.X64, .. resources]));
        var selection = BundleSelection.Choose(bundle, new() { Scales = Split(wanted)?.Select(int.Parse).ToList() });

        Assert.Equal(taken, string.Join(',', selection.Packages.Skip(1).Select(package => package.Entry.Scales[0])));
    }

    [Fact]
    public void ScaleThatTheApplicationPackageHas_NeedsNoOther()
    {
        var application = BundleSample.X64 with { Inner = "<Resources><Resource Language=\"en-us\"/><Resource Scale=\"100\"/></Resources>" };
        using var bundle = BundleContent.Open(BundleSample.Of(application, BundleSample.Scale200));

        Assert.Single(BundleSelection.Choose(bundle, new() { Scales = [100] }).Packages);
        Assert.Equal(2, BundleSelection.Choose(bundle, new() { Scales = [101] }).Packages.Count);
    }

    [Fact]
    public void ResourcesWithoutQualifiersOrMarkedDefault_AreAlwaysTaken()
    {
        var assets = BundleMember.Resource("assets", "") with { Inner = "" };
        var standard = BundleMember.Resource("standard", "") with { Inner = "<Resources Default=\"true\"><Resource Language=\"fr\"/></Resources>" };
        var both = BundleMember.Resource("both", "<Resource Language=\"de\"/><Resource Scale=\"200\"/><Resource DXFeatureLevel=\"dx11\"/>");
        using var bundle = BundleContent.Open(BundleSample.Of(BundleSample.X64, assets, standard, both));
        IEnumerable<string> Taken(BundleTarget target) => BundleSelection.Choose(bundle, target).Packages.Skip(1).Select(package => package.Entry.ResourceId);

        Assert.Equal(["assets", "standard"], Taken(new() { Languages = [], Scales = [], DirectXLevels = [] }));
        Assert.Equal(["assets", "standard"], Taken(new() { Languages = ["de"], Scales = [200], DirectXLevels = ["dx12"] }));
        Assert.Equal(["assets", "standard"], Taken(new() { Languages = ["es"], Scales = [200], DirectXLevels = ["dx11"] }));
        Assert.Equal(["assets", "standard", "both"], Taken(new() { Languages = ["de"], Scales = [200], DirectXLevels = ["DX11"] }));
        Assert.Equal(["assets", "standard", "both"], Taken(BundleTarget.All));
    }

    [Fact]
    public void Stubs_AreTakenOnlyWhereAskedFor()
    {
        using var bundle = BundleContent.Open(BundleSample.Of(BundleSample.X64, BundleSample.X86, BundleSample.Stub("x64"), BundleSample.Stub("arm64")));
        IEnumerable<string> Taken(BundleTarget target) => BundleSelection.Choose(bundle, target).Packages.Select(package => package.Entry.FileName);

        Assert.Equal(["app_x64.msix", "app_x86.msix"], Taken(BundleTarget.All));
        Assert.Equal(["app_x64.msix"], Taken(new() { Architectures = ["x64"] }));
        Assert.Equal(["app_x64.msix"], Taken(new() { Architectures = ["arm64"] }));
        Assert.Equal(["AppxMetadata/Stub/stub_x64.msix"], Taken(new() { Architectures = ["x64"], PrefersStubs = true }));
        Assert.Equal(["app_x86.msix"], Taken(new() { Architectures = ["x86"], PrefersStubs = true }));
    }

    [Fact]
    public void PackagesForOtherDevices_AreLeft()
    {
        var xbox = BundleSample.X64 with
        {
            Inner = "<b4:Dependencies><b4:TargetDeviceFamily Name=\"Windows.Xbox\" MinVersion=\"10.0.0.0\" MaxVersionTested=\"10.0.0.0\"/></b4:Dependencies>",
        };
        using var bundle = BundleContent.Open(BundleSample.Of(xbox, BundleSample.X86));

        var selection = BundleSelection.Choose(bundle, new() { Architectures = ["x64"] });
        Assert.Equal(["x86"], selection.Packages.Select(package => package.Entry.Architecture));
        Assert.Equal("is for Windows.Xbox, not for Windows.Desktop", selection.Choices[0].Reason);
        Assert.Equal(2, BundleSelection.Choose(bundle, BundleTarget.All).Packages.Count);
    }

    [Fact]
    public void OptionalBundles_AreNamedAndNotTaken_AndReasonsAreGiven()
    {
        var builder = new BundleBuilder { After = "<OptionalBundle Name=\"Contoso.More\" Publisher=\"CN=C\"/>" };
        using var bundle = BundleContent.Open(builder.With(BundleSample.Members).Build());
        var selection = BundleSelection.Choose(bundle, new() { Architectures = ["x64"], Languages = ["fr"], Scales = [100] });

        Assert.Equal("Contoso.More", Assert.Single(selection.OptionalBundles).Name);
        Assert.Equal(
            ["is for x64", "x86 is not the best for any architecture wanted", "de-de is no language wanted", "scale 200 is the best for a scale wanted"],
            selection.Choices.Select(choice => choice.Reason));
    }

    [Fact]
    public void HostsOfAnUnknownArchitecture_AreTheCallersFault()
    {
        using var bundle = BundleContent.Open(BundleSample.Of(BundleSample.X64));

        Assert.Throws<ArgumentException>(() => BundleSelection.Choose(bundle, new() { Architectures = ["neutral"] }));
    }

    private static List<string>? Split(string? text) => text is null ? null : text.Length == 0 ? [] : [.. text.Split(',')];
}
