using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AppAttach.Imaging.Signatures;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Signatures;

/// <summary>Whom a signature is trusted for, on packages that osslsigncode signed and judges too.</summary>
public sealed class CertificateTrustTests : IDisposable
{
    private static readonly DateTimeOffset Expiry = TestAuthority.Start.AddYears(1);

    private readonly TemporaryFolder folder = new();
    private readonly SigningTool tool;
    private readonly byte[] package = new PackageBuilder { Options = new() { IsZip64 = false, HasDataDescriptors = false } }.With("app.exe", PackageBuilder.Content(100_000)).Build();

    public CertificateTrustTests() => tool = new(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task SelfSigned_IsTrustedAsGiven_AndOtherwiseOnlyIntact()
    {
        var signer = TestAuthority.SelfSigned();
        var signed = await tool.SignAsync(package, signer);

        await JudgeAsync(signed, [signer], expected: null);
        await JudgeAsync(signed, [TestAuthority.Root("CN=Other")], "certificate-untrusted");
        Assert.True(Verification.Verify(signed, new() { Mode = SignatureMode.Intact }).IsAccepted);
    }

    [Theory]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    public async Task SelfSigned_IsTrustedByThumbprint(string method)
    {
        var signer = TestAuthority.SelfSigned();
        var signed = await tool.SignAsync(package, signer);
        var thumbprint = Convert.ToHexString(signer.Certificate.GetCertHash(new HashAlgorithmName(method)));

        Assert.True(Verification.Verify(signed, new() { TrustedThumbprints = [thumbprint] }).IsAccepted);
        Assert.True(Verification.Verify(signed, new() { TrustedThumbprints = [string.Join(':', thumbprint.ToLowerInvariant().Chunk(2).Select(pair => new string(pair)))] }).IsAccepted);
        Assert.False(Verification.Verify(signed, new() { TrustedThumbprints = [new string('0', thumbprint.Length)] }).IsAccepted);
    }

    [Fact]
    public async Task Intermediate_LeadsToRoot_OnlyIfItComesAlong()
    {
        var root = TestAuthority.Root("CN=Root");
        var middle = root.Issue("CN=Middle", isAuthority: true);
        var signer = middle.Issue(TestAuthority.Subject);
        var signed = await tool.SignAsync(package, signer, [middle]);
        var alone = await tool.SignAsync(package, signer);

        var verdict = await JudgeAsync(signed, [root], expected: null);
        Assert.Equal(["CN=Root", "CN=Middle"], verdict.Chain.Reverse().Take(2).Select(certificate => certificate.Subject));
        await JudgeAsync(alone, [root], "certificate-untrusted");

        // Trust may end below the root, which osslsigncode does not do.
        Assert.True(Verify(signed, [middle]).IsAccepted);
        Assert.True(Verify(alone, [middle]).IsAccepted);
        Assert.True(Verify(alone, [signer]).IsAccepted);
    }

    [Fact]
    public async Task SeveralCertificates_SignerIsTheOneItNames()
    {
        var root = TestAuthority.Root("CN=Root");
        var signer = root.Issue(TestAuthority.Subject);
        var signed = await tool.SignAsync(package, signer, [TestAuthority.SelfSigned("CN=Somebody Else"), root, root.Issue("CN=Sister")]);

        var verdict = await JudgeAsync(signed, [root], expected: null);
        Assert.Equal(4, verdict.Signature!.Certificates.Count);
        Assert.Equal(signer.Certificate.Thumbprint, verdict.Signature.Signer!.Thumbprint);
    }

    [Fact]
    public async Task ForgedCertificate_InTheNameOfATrustedOne_IsNotTrusted()
    {
        var root = TestAuthority.Root("CN=Root");
        var middle = root.Issue("CN=Middle", isAuthority: true);
        var byRoot = await tool.SignAsync(package, root.Forge(TestAuthority.Subject));
        var byMiddle = await tool.SignAsync(package, middle.Forge(TestAuthority.Subject), [middle]);

        Assert.False((await tool.VerifyAsync(byRoot, [root])).IsGood);
        Assert.Equal(Defect.PublisherUntrusted, Verify(byRoot, [root]).Defect);
        Assert.False((await tool.VerifyAsync(byMiddle, [root])).IsGood);
        Assert.Equal(Defect.PublisherUntrusted, Verify(byMiddle, [root]).Defect);
        Assert.Equal(Defect.PublisherUntrusted, Verify(byMiddle, [middle]).Defect);
    }

    [Fact]
    public async Task CertificateThatMayNotIssue_DoesNotVouch()
    {
        var root = TestAuthority.Root("CN=Root");
        var leaf = root.Issue("CN=Leaf");
        var signed = await tool.SignAsync(package, leaf.Issue(TestAuthority.Subject), [leaf]);

        await JudgeAsync(signed, [root], "certificate-chain");
    }

    [Theory]
    [InlineData("1.3.6.1.5.5.7.3.1")]
    [InlineData(null)]
    public async Task CertificateNotForCode_IsUntrusted(string? purpose)
    {
        var root = TestAuthority.Root("CN=Root");
        var signed = await tool.SignAsync(package, root.Issue(TestAuthority.Subject, purpose: purpose));
        var verdict = Verify(signed, [root]);

        Assert.Equal(Defect.PublisherUntrusted, verdict.Defect);
        Assert.Contains("certificate-purpose", verdict.Refusals());
        Assert.True(Verification.Verify(signed, new() { Mode = SignatureMode.Intact }).IsAccepted);
    }

    [Fact]
    public async Task Expired_WithoutTimestamp_IsUntrusted()
    {
        var root = TestAuthority.Root("CN=Root");
        var signed = await tool.SignAsync(package, root.Issue(TestAuthority.Subject, end: Expiry), time: Expiry.AddDays(-1));

        await JudgeAsync(signed, [root], "certificate-validity", Expiry.AddSeconds(1));
        var verdict = await JudgeAsync(signed, [root], expected: null, Expiry.AddSeconds(-1));
        Assert.Contains("timestamp-missing", verdict.Notes());
    }

    [Fact]
    public async Task Expired_WithTimestampOfItsLife_IsTrusted()
    {
        var (root, authority) = (TestAuthority.Root("CN=Root"), TestAuthority.Root("CN=Time Root"));
        var clock = authority.Issue("CN=Clock", purpose: TestAuthority.TimeStamping, end: Expiry.AddDays(1));
        var signed = await tool.SignAsync(package, root.Issue(TestAuthority.Subject, end: Expiry), authority: clock, time: Expiry.AddHours(-1));

        var verdict = await JudgeAsync(signed, [root, authority], expected: null, Expiry.AddYears(3));
        Assert.Equal(Expiry.AddHours(-1), verdict.SigningTime);
        Assert.True(verdict.Signature!.Timestamp!.IsToken);

        // Nobody vouches for the clock: the timestamp is a claim, and the certificate has ended.
        Assert.Equal(Defect.PublisherUntrusted, Verify(signed, [root], Expiry.AddYears(3)).Defect);
        Assert.Contains("timestamp-ignored", Verify(signed, [root], Expiry.AddYears(3)).Notes());
    }

    [Fact]
    public async Task TimestampAfterExpiry_DoesNotHelp()
    {
        var (root, authority) = (TestAuthority.Root("CN=Root"), TestAuthority.Root("CN=Time Root"));
        var clock = authority.Issue("CN=Clock", purpose: TestAuthority.TimeStamping);
        var signed = await tool.SignAsync(package, root.Issue(TestAuthority.Subject, end: Expiry), authority: clock, time: Expiry.AddHours(1));

        await JudgeAsync(signed, [root, authority], "certificate-validity", Expiry.AddYears(3));
    }

    // osslsigncode makes RFC 3161 tokens only, and refuses certificates that are not for it; the framework's own CMS makes the older kind.
    [Theory]
    [InlineData(TestAuthority.TimeStamping, false, true)]
    [InlineData(TestAuthority.TimeStamping, true, true)]
    [InlineData(TestAuthority.CodeSigning, false, false)]
    public async Task OlderTimestamp_CountsIfItsCertificateIsForIt(string purpose, bool isPss, bool isHonoured)
    {
        var padding = isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        var root = TestAuthority.Root("CN=Root");
        var signer = root.Issue(TestAuthority.Subject, end: Expiry);
        var time = Expiry.AddHours(-1);
        var signed = await tool.SignAsync(package, signer, time: time);
        var message = Countersignature.Add(SignedPackage.MessageOf(signed), root.Issue("CN=Clock", purpose: purpose), time, padding: padding);
        var stamped = SignedPackage.ReplaceSignature(signed, message);

        if (isHonoured)
        {
            var verdict = await JudgeAsync(stamped, [root], expected: null, Expiry.AddYears(3));
            Assert.Equal(time, verdict.SigningTime);
            Assert.False(verdict.Signature!.Timestamp!.IsToken);
        }
        else
        {
            var verdict = Verify(stamped, [root], Expiry.AddYears(3));
            Assert.Equal(["certificate-validity"], verdict.Refusals());
            Assert.Contains("timestamp-ignored", verdict.Notes());
        }
    }

    [Fact]
    public async Task TimestampFromTheFuture_IsNotReliedOn()
    {
        var root = TestAuthority.Root("CN=Root");
        var clock = root.Issue("CN=Clock", purpose: TestAuthority.TimeStamping);
        var time = TestAuthority.Start.AddDays(10);
        var signed = await tool.SignAsync(package, root.Issue(TestAuthority.Subject), authority: clock, time: time);

        Assert.Equal(time, Verify(signed, [root], time.AddMinutes(-10)).SigningTime);
        Assert.Null(Verify(signed, [root], time.AddMinutes(-10).AddSeconds(-1)).SigningTime);
        Assert.Contains("timestamp-ignored", Verify(signed, [root], time.AddHours(-1)).Notes());
    }

    [Fact]
    public async Task CertificateForLifetimeSigning_EndsWhateverTheTimestampSays()
    {
        var root = TestAuthority.Root("CN=Root");
        var clock = root.Issue("CN=Clock", purpose: TestAuthority.TimeStamping);
        var signer = root.Issue(TestAuthority.Subject, purpose: TestAuthority.CodeSigning + ",1.3.6.1.4.1.311.10.3.13", end: Expiry);
        var signed = await tool.SignAsync(package, signer, authority: clock, time: Expiry.AddHours(-1));

        Assert.True(Verify(signed, [root], Expiry.AddMinutes(-1)).IsAccepted);

        // Authenticode's rule, which osslsigncode does not have: it goes by the timestamp.
        var verdict = Verify(signed, [root], Expiry.AddMinutes(1));
        Assert.Equal(["certificate-validity"], verdict.Refusals());
        Assert.Contains("timestamp-not-for-lifetime", verdict.Notes());
    }

    [Theory]
    [InlineData("P-256", "-sha256")]
    [InlineData("P-384", "-sha384")]
    public async Task EllipticCurveCertificate_MadeByOpenssl_IsAccepted(string curve, string digest)
    {
        var (key, certificate, input, output) = (folder.PathOf("ec.key"), folder.PathOf("ec.pem"), folder.PathOf("ec.in.msix"), folder.PathOf("ec.msix"));
        await Judge.PassAsync(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", $"ec_paramgen_curve:{curve}", digest, "-days", "30", "-nodes", "-keyout", key, "-out", certificate,
            "-subj", "/C=US/ST=Washington/L=Redmond/O=Contoso Ltd/CN=Contoso Test",
            "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature", "-addext", "extendedKeyUsage=codeSigning");
        await File.WriteAllBytesAsync(input, package);
        await Judge.PassAsync("osslsigncode", "sign", "-certs", certificate, "-key", key, "-in", input, "-out", output);
        var pem = await File.ReadAllBytesAsync(certificate);
        using var parsed = X509CertificateLoader.LoadCertificateFromFile(certificate);
        var verdict = Verification.Verify(await File.ReadAllBytesAsync(output), new() { TrustedCertificates = [pem] }, parsed.NotBefore.ToUniversalTime().AddDays(1));

        Assert.True(verdict.IsAccepted, string.Join(" ", verdict.Findings));
    }

    [Fact]
    public async Task TimestampOfAnotherSignature_IsInvalid()
    {
        var root = TestAuthority.Root("CN=Root");
        var signer = root.Issue(TestAuthority.Subject);
        var clock = root.Issue("CN=Clock", purpose: TestAuthority.TimeStamping);
        var signed = await tool.SignAsync(package, signer);
        var other = await tool.SignAsync(new PackageBuilder().With("other.exe", "other").Build(), signer);
        var message = Countersignature.Add(SignedPackage.MessageOf(signed), clock, Verification.Now, ofSignature: SignedPackage.MessageOf(other));
        var stamped = SignedPackage.ReplaceSignature(signed, message);

        Assert.Equal(["timestamp-invalid"], Verify(stamped, [root]).Refusals());
    }

    [Fact]
    public async Task UnreadableSettings_AreTheCallersFault()
    {
        await Task.CompletedTask;
        Assert.Throws<ArgumentException>(() => new SignatureVerifier(new() { TrustedThumbprints = ["12"] }));
        Assert.Throws<ArgumentException>(() => new SignatureVerifier(new() { TrustedCertificates = ["no certificate"u8.ToArray()] }));
        Assert.Throws<ArgumentException>(() => new SignatureVerifier(new() { TrustedCertificates = [new byte[] { 0x30, 0x01, 0x00 }] }));
    }

    [Fact]
    public async Task MachineRoots_CountOnlyIfAsked()
    {
        var root = TestAuthority.Root("CN=Root");
        var signed = await tool.SignAsync(package, root.Issue(TestAuthority.Subject));

        Assert.False(Verification.Verify(signed, new()).IsAccepted);
        Assert.True(Verification.Verify(signed, new() { MachineRoots = () => [root.Certificate] }).IsAccepted);
    }

    private static SignatureVerdict Verify(byte[] signed, TestAuthority[] trusted, DateTimeOffset? now = null) =>
        Verification.Verify(signed, new() { TrustedCertificates = [.. trusted.Select(authority => (ReadOnlyMemory<byte>)authority.Pem)] }, now);

    // Ours and osslsigncode's must agree; ours must give the reason.
    private async Task<SignatureVerdict> JudgeAsync(byte[] signed, TestAuthority[] trusted, string? expected, DateTimeOffset? now = null)
    {
        var verdict = Verify(signed, trusted, now);
        var (isGood, output) = await tool.VerifyAsync(signed, trusted, now);

        Assert.True((expected is null) == verdict.IsAccepted, string.Join(" ", verdict.Findings));
        Assert.True(isGood == verdict.IsAccepted, output);
        if (expected is not null)
        {
            Assert.Contains(expected, verdict.Refusals());
            Assert.Equal(Defect.PublisherUntrusted, verdict.Defect);
        }

        return verdict;
    }
}
