using AppAttach.Contracts;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline.Intake;
using AppAttach.TestKit.Packages;
using PackageVerdict = AppAttach.Pipeline.Intake.PackageVerdict;

namespace AppAttach.Pipeline.Tests.Intake;

/// <summary>Each rule of a policy on both sides of its threshold. The package is for x64, Windows 10.0.17763.0, signed without a timestamp.</summary>
public sealed class PackageGateTests
{
    private static readonly DateTimeOffset CertificateEnd = new(2036, 11, 19, 9, 2, 4, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = CertificateEnd.AddYears(-1);
    private static readonly PackagePolicy Trusting = new() { TrustedCertificates = [File.ReadAllText(PackageCorpus.Certificate)] };
    private static readonly PackagePolicy Ignoring = new() { Signature = SignatureMode.Ignore };

    [Fact]
    public void TrustedCertificate_IsAccepted_OthersAreNot()
    {
        Assert.Empty(Codes(Trusting));
        Assert.Equal([ErrorCodes.PublisherUntrusted], Codes(new PackagePolicy()));
        Assert.Equal([ErrorCodes.PublisherUntrusted], Codes(new PackagePolicy { TrustsMachineRoots = true }));
        Assert.Empty(Codes(new PackagePolicy { Signature = SignatureMode.Intact }));
    }

    [Theory]
    [InlineData("CN=Contoso Test, O=Contoso Ltd, L=Redmond, S=Washington, C=US", true)]
    [InlineData("CN=Contoso Test,O=Contoso Ltd,L=Redmond,ST=Washington,C=US", true)]
    [InlineData("CN=\"Contoso Test\"; O=Contoso Ltd; L=Redmond; S=Washington; C=US", true)]
    [InlineData("CN=Contoso Test", false)]
    [InlineData("CN=contoso test, O=Contoso Ltd, L=Redmond, S=Washington, C=US", false)]
    public void Publishers_AreComparedAsNames(string publisher, bool isAccepted)
    {
        string[] expected = isAccepted ? [] : [ErrorCodes.PublisherUntrusted];
        Assert.Equal(expected, Codes(Trusting with { Publishers = ["CN=Somebody Else", publisher] }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(true, "x64")]
    [InlineData(true, "arm64", "X64")]
    [InlineData(false, "arm64", "x86")]
    public void Architectures_AreHeldToTheList(bool isAccepted, params string[] architectures)
    {
        string[] expected = isAccepted ? [] : [ErrorCodes.PolicyRefused];
        Assert.Equal(expected, Codes(Ignoring with { Architectures = architectures }));
    }

    [Fact]
    public void NeutralPackage_IsForEveryArchitecture()
    {
        using var stream = new MemoryStream(Packages.Sample(architecture: "neutral"));
        Assert.Empty(new PackageGate(Ignoring with { Architectures = ["arm64"] }).Judge(Package.Open(stream), content: null, Now).Refusals);
    }

    [Theory]
    [InlineData("10.0.17763.0", true)]
    [InlineData("10.0.17762.65535", false)]
    [InlineData("11.0", true)]
    public void Windows_MustBeHighEnoughOnTheHosts(string hosts, bool isAccepted)
    {
        string[] expected = isAccepted ? [] : [ErrorCodes.PolicyRefused];
        Assert.Equal(expected, Codes(Ignoring with { HostWindows = Version.Parse(hosts) }));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Limits_AreTakenUpToThem(int less, bool isAccepted)
    {
        const int contentBytes = 298_672;
        const int files = 9;
        string[] expected = isAccepted ? [] : [ErrorCodes.LimitExceeded];
        Assert.Equal(expected, Codes(Ignoring with { MaximumContentBytes = contentBytes - less }));
        Assert.Equal(expected, Codes(Ignoring with { MaximumFiles = files - less }));
        var gate = new PackageGate(Ignoring with { MaximumPackageBytes = 100 });
        gate.RequireSize("package.msix", 100);
        var refused = Assert.Throws<PackageRefusedException>(() => gate.RequireSize("package.msix", 101));
        Assert.Equal(ErrorCodes.LimitExceeded, refused.Rejection.Code);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void CertificateThatEndsSoon_IsAWarning(int daysBefore, bool isWarned)
    {
        var verdict = Judge(Trusting with { Signature = SignatureMode.Intact }, CertificateEnd.AddDays(-daysBefore));
        Assert.Null(verdict.Rejection);
        Assert.Equal(isWarned, verdict.Notes.Any(note => note is { Id: "certificate-expires", IsWarning: true }));
    }

    [Fact]
    public void EveryReason_IsNamed_TheSignaturesFirst()
    {
        var verdict = Judge(new PackagePolicy { Architectures = ["arm64"], HostWindows = new Version(10, 0, 10240, 0), MaximumFiles = 1 }, Now);
        Assert.Equal(
            [ErrorCodes.PublisherUntrusted, ErrorCodes.PolicyRefused, ErrorCodes.PolicyRefused, ErrorCodes.LimitExceeded],
            verdict.Refusals.Select(refusal => refusal.Code));
        Assert.All(verdict.Refusals, refusal => Assert.Contains(refusal.Message, verdict.Rejection!.Message, StringComparison.Ordinal));
        Assert.Equal(verdict.Notes.OrderByDescending(note => note.IsWarning), verdict.Notes);
    }

    [Fact]
    public void PackageForAnotherPlatform_IsAWarning()
    {
        using var stream = File.OpenRead(PackageCorpus.PathOf("msix-packaging/platforms/TestLinux.msix"));
        var verdict = new PackageGate(Ignoring).Judge(Package.Open(stream), content: null, Now);
        Assert.Contains(verdict.Notes, note => note is { Id: "not-for-desktop", IsWarning: true });
    }

    [Theory]
    [InlineData("x64", "x86", false)]
    [InlineData("x86", "x64", true)]
    [InlineData("x86", "arm64", true)]
    [InlineData("arm64", "x64", false)]
    [InlineData("arm64", "arm64", true)]
    public void Bundle_MustHaveAnApplicationForTheHosts_ToBeTaken(string offered, string hosts, bool isTaken)
    {
        var bundle = new BundleBuilder().With(BundleMember.Application(offered)).Build();
        using var stream = new MemoryStream(bundle);
        var gate = new PackageGate(Ignoring with { HostArchitecture = hosts });
        using (var whole = PackageGate.OpenWhole(stream))
        {
            Assert.Equal(offered, whole.Main.Identity.Architecture);
        }

        if (isTaken)
        {
            using var file = gate.Open(stream);
            Assert.Equal(offered, file.Main.Identity.Architecture);
        }
        else
        {
            var refused = Assert.Throws<PackageRefusedException>(() => gate.Open(stream));
            Assert.Equal(ErrorCodes.PolicyRefused, refused.Rejection.Code);
            Assert.Contains(offered, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void PolicyThatCannotBeRead_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new PackageGate(new PackagePolicy { TrustedCertificates = ["no certificate"] }));
        Assert.Throws<ArgumentException>(() => new PackageGate(new PackagePolicy { TrustedThumbprints = ["12"] }));
        Assert.Throws<ArgumentException>(() => new PackageGate(new PackagePolicy { Publishers = ["Contoso"] }));
        Assert.Throws<ArgumentException>(() => new PackageGate(new PackagePolicy { HostArchitecture = "mips" }));
    }

    private static IEnumerable<string> Codes(PackagePolicy policy) => Judge(policy, Now).Refusals.Select(refusal => refusal.Code);

    private static PackageVerdict Judge(PackagePolicy policy, DateTimeOffset now)
    {
        using var stream = File.OpenRead(PackageCorpus.PathOf("synthetic/valid-signed.msix"));
        return new PackageGate(policy).Judge(Package.Open(stream), content: null, now);
    }
}
