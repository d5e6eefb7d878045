using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using AppAttach.Contracts;
using AppAttach.Listener.Checks;
using AppAttach.Listener.Tests.Commands;
using AppAttach.TestKit.Packages;

namespace AppAttach.Listener.Tests.Checks;

/// <summary>Whether the signers of what is staged are trusted, with stores of the test's.</summary>
public sealed class SignerCheckTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly PackageReference _package = TestPackage.Make();
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _signer;

    public SignerCheckTests()
    {
        var now = DateTimeOffset.UtcNow;
        using var rootKey = RSA.Create(2048);
        var authority = new CertificateRequest("CN=Contoso Root", rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _root = authority.CreateSelfSigned(now.AddYears(-9), now.AddYears(9));
        _signer = Issue("1.3.6.1.5.5.7.3.3", now.AddDays(1));
    }

    public void Dispose()
    {
        _host.Dispose();
        _key.Dispose();
        _root.Dispose();
        _signer.Dispose();
    }

    [Fact]
    public async Task SignerOfAnUntrustedRoot_IsNamedWithPackageAndFix()
    {
        await StageAsync(Sign(_signer));
        var finding = Assert.Single(await LookAsync([], []));
        Assert.False(finding.IsGood);
        Assert.Equal(_package.FullName, finding.Subject);
        Assert.Contains("CN=Contoso (", finding.Text, StringComparison.Ordinal);
        Assert.Contains(CertificateTrust.ThumbprintOf(_signer), finding.Text, StringComparison.Ordinal);
        Assert.Contains("LocalMachine\\TrustedPeople", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignerAmongTrustedPeopleOrOfATrustedRoot_IsGood()
    {
        await StageAsync(Sign(_signer));
        Assert.True(Assert.Single(await LookAsync([CertificateTrust.ThumbprintOf(_signer)], [])).IsGood);
        Assert.True(Assert.Single(await LookAsync([], [_root])).IsGood);
        Assert.False(Assert.Single(await LookAsync([CertificateTrust.ThumbprintOf(_root)], [])).IsGood);
    }

    [Fact]
    public async Task ExpiredSigner_IsLeftToWindows_WhichReadsTheTimestamp()
    {
        using var expired = Issue("1.3.6.1.5.5.7.3.3", DateTimeOffset.UtcNow.AddYears(-2));
        await StageAsync(Sign(expired));
        Assert.True(Assert.Single(await LookAsync([], [_root])).IsGood);
    }

    [Fact]
    public async Task SignerWhoMaySignNoCode_IsNotTrusted()
    {
        using var server = Issue("1.3.6.1.5.5.7.3.1", DateTimeOffset.UtcNow.AddDays(1));
        await StageAsync(Sign(server));
        Assert.False(Assert.Single(await LookAsync([], [_root])).IsGood);
    }

    [Fact]
    public async Task NoSignatureOrADamagedOne_IsSaid()
    {
        await StageAsync(signature: null);
        Assert.Contains("not signed", Assert.Single(await LookAsync([], [])).Text, StringComparison.Ordinal);
        var whole = Sign(_signer);
        for (var length = 0; length < whole.Length; length += 13)
        {
            await WriteAsync(whole[..length]);
            Assert.False(Assert.Single(await LookAsync([], [_root])).IsGood);
        }
    }

    [Theory]
    [InlineData("msix-packaging/CentennialCoffee.appx", "CN=Microsoft Corporation, ")]
    [InlineData("synthetic/invalid-signed-tampered-payload.msix", "CN=Contoso Test, ")]
    public async Task PackageOfAnotherSigningTool_NamesItsSigner(string package, string subject)
    {
        await using var content = await (await ZipFile.OpenReadAsync(PackageCorpus.PathOf(package))).GetEntry("AppxSignature.p7x")!.OpenAsync();
        using var signature = new MemoryStream();
        await content.CopyToAsync(signature);
        using var signer = PackageSigner.Read(signature.ToArray());
        Assert.StartsWith(subject, signer!.Certificate.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingStaged_IsGood() => Assert.True(Assert.Single(await LookAsync([], [])).IsGood);

    private Task<IReadOnlyList<CheckFinding>> LookAsync(string[] people, X509Certificate2[] roots) =>
        SignerCheck.LookAsync(_host.Machine, new CertificateTrust(people, [.. roots]), CancellationToken.None);

    private async Task StageAsync(byte[]? signature)
    {
        Assert.Null((await _host.AskAsync(TestPackage.Command(CommandKind.Stage, _package, _host.MakeImage(_package)))).Message);
        if (signature is not null)
        {
            await WriteAsync(signature);
        }
    }

    private async Task WriteAsync(byte[] signature)
    {
        var mounted = Assert.Single(await _host.Mounter.ListAsync(CancellationToken.None));
        await File.WriteAllBytesAsync(Path.Combine(mounted.MountPoint!, "apps", _package.FullName, "AppxSignature.p7x"), signature);
    }

    private X509Certificate2 Issue(string purpose, DateTimeOffset notAfter)
    {
        var request = new CertificateRequest("CN=Contoso", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        using var issued = request.Create(_root, DateTimeOffset.UtcNow.AddYears(-3), notAfter, [0x81, 2, 3]);
        return issued.CopyWithPrivateKey(_key);
    }

    private static byte[] Sign(X509Certificate2 signer)
    {
        var message = new SignedCms(new ContentInfo("content"u8.ToArray()));
        message.ComputeSignature(new CmsSigner(signer) { IncludeOption = X509IncludeOption.EndCertOnly });
        return [.. "PKCX"u8, .. message.Encode()];
    }
}
