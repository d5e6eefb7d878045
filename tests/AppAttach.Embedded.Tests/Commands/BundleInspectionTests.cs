using AppAttach.Contracts;
using AppAttach.Embedded.Commands;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline.Intake;
using AppAttach.TestKit.Packages;
using PackageVerdict = AppAttach.Pipeline.Intake.PackageVerdict;
using Spectre.Console;

namespace AppAttach.Embedded.Tests.Commands;

public sealed class BundleInspectionTests
{
    [Theory]
    [InlineData("synthetic/valid-bundle-3arch-lang-scale.msixbundle", false)]
    [InlineData("synthetic/flat/valid-flat.msixbundle", true)]
    public void Bundle_IsReportedWithItsPackages(string path, bool isFlat)
    {
        var (report, verdict) = Inspect(path, new() { Signature = SignatureMode.Ignore }, full: true);

        Assert.Null(verdict.Rejection);
        Assert.Contains(verdict.Notes, note => note.Id == "bundle-taken" && note.Message.Contains("(all architectures are wanted)", StringComparison.Ordinal));
        Assert.Equal(("Contoso.Bundle_2.0.0.0_neutral_~_j8tmt7aeqvrx2", "Bundle", isFlat), (report.FullName, report.Kind, report.IsFlat));
        Assert.Equal(["x64", "x86", "arm64", "neutral", "neutral"], report.Packages.Select(package => package.Architecture));
        Assert.All(report.Packages, package => Assert.Equal((isFlat, 64), (package.IsBeside, package.Digest!.Length)));
        Assert.Equal(64, report.Digest!.Length);
        Assert.Equal(["10.0.17763.0"], report.Packages.Select(package => package.MinimumWindows).Distinct());
        Assert.Equal([1, 1, 1, 0, 0], report.Packages.Select(package => package.Applications.Count));

        using var text = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = 500;
        BundleInspection.Show(report, console);
        Assert.Contains("Contoso.Bundle_1.2.3.4_neutral_split.language-de_j8tmt7aeqvrx2 (de-de, ", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("every block of every package matches", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SignedBundle_IsVerifiedAsAsked(bool full)
    {
        const string path = "synthetic/valid-signed-bundle.msixbundle";
        var certificate = File.ReadAllText(PackageCorpus.Certificate);
        var (report, trusted) = Inspect(path, new() { TrustedCertificates = [certificate] }, full);

        Assert.True(report.Signature.IsSigned);
        Assert.Equal((null, full), (trusted.Rejection, trusted.Signature.IsComplete));
        Assert.Equal(ErrorCodes.PublisherUntrusted, Inspect(path, new(), full).Verdict.Rejection!.Code);
    }

    private static (BundleReport Report, PackageVerdict Verdict) Inspect(string path, PackagePolicy policy, bool full)
    {
        var file = new FileInfo(PackageCorpus.PathOf(path));
        var gate = new PackageGate(policy);
        using var stream = file.OpenRead();
        using var bundle = PackageGate.OpenWhole(stream, BundleInspection.Beside(file));
        return BundleInspection.Inspect(bundle, gate, full, TestContext.Current.CancellationToken);
    }
}
