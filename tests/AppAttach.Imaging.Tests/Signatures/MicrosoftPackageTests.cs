namespace AppAttach.Imaging.Tests.Signatures;

/// <summary>
/// Packages that Microsoft signed: those of the NuGet package Microsoft.WindowsAppSDK.Runtime, whose licence and size keep them out of this
/// repository. Compiled and run with <c>dotnet test -p:MicrosoftPackages=true</c> only, which restores it.
/// </summary>
public sealed class MicrosoftPackageTests
{
    private const string PackageFolder = "microsoft.windowsappsdk.runtime/2.6.5/tools/MSIX/win10-x64";

    [Theory]
    [InlineData("Microsoft.WindowsAppRuntime.Singleton.2.msix")]
    [InlineData("Microsoft.WindowsAppRuntime.Main.2.msix")]
    [InlineData("Microsoft.WindowsAppRuntime.DDLM.2.msix")]
    [InlineData("Microsoft.WindowsAppRuntime.2.msix")]
    public void RuntimePackage_VerifiesAsMicrosofts_LongAfterItsCertificate(string name)
    {
        using var stream = Open(name);
        var verdict = Verification.Verify(stream, new(), new(2033, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.True(verdict.IsAccepted, string.Join(" ", verdict.Findings));
        Assert.True(verdict.IsComplete);
        Assert.True(verdict.IsMicrosoft);
        Assert.NotNull(verdict.SigningTime);
        Assert.True(verdict.Signature!.Signer!.NotAfter.Year < 2033);
    }

    [Fact]
    public void RuntimePackage_WithoutMicrosoftsRoots_IsUntrusted()
    {
        using var stream = Open("Microsoft.WindowsAppRuntime.Main.2.msix");
        var verdict = Verification.Verify(stream, new() { TrustsMicrosoft = false });

        Assert.Equal(Defect.PublisherUntrusted, verdict.Defect);
        Assert.False(verdict.IsMicrosoft);
    }

    private static FileStream Open(string name)
    {
        var folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ??
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return File.OpenRead(Path.Combine(folder, PackageFolder, name));
    }
}
