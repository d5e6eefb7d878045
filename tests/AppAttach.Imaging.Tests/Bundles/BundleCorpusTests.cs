using AppAttach.Imaging.Bundles;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Signatures;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Bundles;

/// <summary>Every bundle of the corpus, in the mode that its row names.</summary>
public sealed class BundleCorpusTests
{
    // What a row's reason means in codes; every other reason is one of the bundle itself.
    private static readonly Dictionary<string, Defect> Defects = new(StringComparer.Ordinal)
    {
        ["msix-packaging/bundles/BlockMapIsMissing.appxbundle"] = Defect.BlockmapMissing,
        ["msix-packaging/bundles/BlockMapViolatesSchema.appxbundle"] = Defect.BlockmapInvalid,
    };

    // A word of the message, so that each is refused for its own reason and not for another one.
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["msix-packaging/bundles/BlockMapIsMissing.appxbundle"] = "no AppxBlockMap.xml",
        ["msix-packaging/bundles/BlockMapViolatesSchema.appxbundle"] = "lists no file",
        ["msix-packaging/bundles/ContainsNeutralAndX86AppPackages.appxbundle"] = "for all architectures",
        ["msix-packaging/bundles/ContainsNoPayload.appxbundle"] = "lists no package",
        ["msix-packaging/bundles/ContainsTwoNeutralAppPackages.appxbundle"] = "two application packages for neutral",
        ["msix-packaging/bundles/ManifestDeclaresAppPackageForResourcePackage.appxbundle"] = "it is a resource package",
        ["msix-packaging/bundles/ManifestDeclaresResourcePackageForAppPackage.appxbundle"] = "that it is none",
        ["msix-packaging/bundles/ManifestHasExtraPackage.appxbundle"] = "the archive does not have",
        ["msix-packaging/bundles/ManifestPackageHasIncorrectArchitecture.appxbundle"] = "the architecture 'x86'",
        ["msix-packaging/bundles/ManifestPackageHasIncorrectName.appxbundle"] = "the name 'ABCD'",
        ["msix-packaging/bundles/ManifestPackageHasIncorrectPublisher.appxbundle"] = "the publisher 'CN=ABCDPublisher'",
        ["msix-packaging/bundles/ManifestPackageHasIncorrectSize.appxbundle"] = "3205 bytes, and it has 3206",
        ["msix-packaging/bundles/ManifestPackageHasInvalidOffset.appxbundle"] = "at byte 3300, and it starts at byte 3341",
        ["msix-packaging/bundles/PayloadPackageHasNonAppxExtension.appxbundle"] = "neither in .appx nor in .msix",
        ["msix-packaging/bundles/PayloadPackageIsEmpty.appxbundle"] = "is empty",
        ["msix-packaging/bundles/PayloadPackageNotListedInManifest.appxbundle"] = "does not list",
        ["msix-packaging/flat/FlatBundleWithAsset.appxbundle"] = "'assets.appx', which is neither in the bundle nor beside it",
        ["synthetic/invalid-bundle-inner-arch.msixbundle"] = "the architecture",
        ["synthetic/invalid-bundle-missing-package.msixbundle"] = "the archive does not have",
        ["synthetic/invalid-bundle-offset.msixbundle"] = "and it starts at byte",
    };

    public static TheoryData<string> Bundles => [.. PackageCorpus.Rows.Where(row => row.IsBundle).Select(row => row.Path)];

    [Theory]
    [MemberData(nameof(Bundles))]
    public void EachBundle_EndsAsItsVerdictSays(string path)
    {
        var row = PackageCorpus.Rows.Single(row => row.Path == path);
        using var stream = File.OpenRead(PackageCorpus.PathOf(path));
        Assert.True(Bundle.IsBundle(stream));
        if (!row.IsValid)
        {
            var exception = Assert.Throws<InvalidInputException>(() => Open(stream, path));
            Assert.True(exception.Defect == Defects.GetValueOrDefault(path, Defect.BundleInvalid), exception.ToString());
            Assert.Contains(Reasons[path], exception.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
            return;
        }

        using var bundle = Open(stream, path);
        Assert.Equal(row.FullName, bundle.Identity.FullName);
        Assert.Equal(row.IsSigned, bundle.IsSigned);
        Assert.Equal(row.Kind == "flat-bundle", bundle.IsFlat);
        foreach (var package in bundle.Packages)
        {
            BundleContent.Drain(package.Open());
        }

        var mode = row.Validation == "allow-unknown-origin" ? SignatureMode.Intact : SignatureMode.Ignore;
        var verdict = BundleContent.Verify(bundle, new() { Mode = mode });
        Assert.True(verdict.IsAccepted, string.Join(" ", verdict.Findings));
        Assert.Equal(mode == SignatureMode.Intact, verdict.IsComplete);
    }

    [Fact]
    public void SignedBundle_IsTrustedThroughItsCertificateOnly()
    {
        using var stream = File.OpenRead(PackageCorpus.PathOf("synthetic/valid-signed-bundle.msixbundle"));
        using var bundle = Bundle.Open(stream);
        var now = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var certificate = File.ReadAllBytes(PackageCorpus.PathOf("synthetic/contoso-test-cert.pem"));
        var trusted = BundleContent.Verify(bundle, new() { TrustedCertificates = [certificate] }, now);

        Assert.True(trusted is { IsAccepted: true, IsTrusted: true }, string.Join(" ", trusted.Findings));
        Assert.True(trusted.Signature!.IsBundle);
        Assert.Equal(Defect.PublisherUntrusted, BundleContent.Verify(bundle, new(), now).Defect);
    }

    [Fact]
    public void Bundle_IsNoPackage_AndPackageIsNoBundle()
    {
        using var bundle = File.OpenRead(PackageCorpus.PathOf("synthetic/valid-signed-bundle.msixbundle"));
        using var package = File.OpenRead(PackageCorpus.PathOf("synthetic/flat/b_x64.msix"));

        Assert.False(Bundle.IsBundle(package));
        Assert.Equal(Defect.NotAPackage, Assert.Throws<InvalidInputException>(() => Package.Open(bundle)).Defect);
        Assert.Equal(Defect.NotAPackage, Assert.Throws<InvalidInputException>(() => Bundle.Open(package)).Defect);
    }

    private static Bundle Open(Stream stream, string path)
    {
        var folder = Path.GetDirectoryName(PackageCorpus.PathOf(path))!;
        return Bundle.Open(stream, name => File.Exists(Path.Combine(folder, name)) ? File.OpenRead(Path.Combine(folder, name)) : null);
    }
}
