using System.Security.Cryptography.Pkcs;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Signatures;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Signatures;

/// <summary>Whether a signature covers what is there, on packages that osslsigncode signed and judges too.</summary>
public sealed class SignatureVerifierTests : IDisposable
{
    private const int LocalTimeOffset = 10;
    private const int DirectoryTimeOffset = 12;

    private readonly TemporaryFolder folder = new();
    private readonly SigningTool tool;
    private readonly TestAuthority signer = TestAuthority.SelfSigned();

    public SignatureVerifierTests() => tool = new(folder);

    public void Dispose() => folder.Dispose();

    public static TheoryData<bool, bool> Forms => new MatrixTheoryData<bool, bool>([false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task SignedPackage_IsAccepted(bool isZip64, bool hasDataDescriptors)
    {
        var signed = await SignAsync(new() { IsZip64 = isZip64, HasDataDescriptors = hasDataDescriptors });
        var verdict = await JudgeAsync(signed);

        Assert.True(verdict.IsTrusted);
        Assert.False(verdict.IsMicrosoft);
        Assert.Equal(["timestamp-missing", "revocation-unknown"], verdict.Notes());
        Assert.False(verdict.Signature!.IsBundle);

        // The framework's own CMS finds the same signature good.
        var message = new SignedCms();
        message.Decode(SignedPackage.MessageOf(signed));
        message.CheckSignature(verifySignatureOnly: true);
        Assert.Equal(signer.Certificate.Thumbprint, message.SignerInfos[0].Certificate!.Thumbprint);
    }

    [Theory]
    [InlineData(384, "http://www.w3.org/2001/04/xmldsig-more#sha384")]
    [InlineData(512, "http://www.w3.org/2001/04/xmlenc#sha512")]
    public async Task OtherHashMethods_AreAccepted(int bits, string method)
    {
        var verdict = await JudgeAsync(await SignAsync(WithMethod(bits)));

        Assert.Equal(method, verdict.Signature!.HashMethod);
        Assert.True(verdict.IsComplete);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    public async Task LocalHeaderChanged_PartsDiffer(int bits)
    {
        var signed = await SignAsync(WithMethod(bits));
        signed[SignedPackage.OffsetOf(signed, "b.png") + LocalTimeOffset] ^= 1;

        await JudgeAsync(signed, "digest-parts");
        Assert.DoesNotContain("digest-parts", Verification.VerifyQuickly(signed, Policy).Refusals());
    }

    [Fact]
    public async Task DataDescriptorChanged_PartsDiffer()
    {
        var signed = await SignAsync(new() { IsZip64 = true, HasDataDescriptors = true });
        signed[SignedPackage.OffsetOf(signed, "b.png") - 1] ^= 1;

        await JudgeAsync(signed, "digest-parts");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task DirectoryChanged_DirectoryDiffers_WithoutReadingContentToo(bool isZip64, bool hasDataDescriptors)
    {
        var signed = await SignAsync(new() { IsZip64 = isZip64, HasDataDescriptors = hasDataDescriptors });
        signed[SignedPackage.DirectoryOf(signed) + DirectoryTimeOffset] ^= 1;

        await JudgeAsync(signed, "digest-directory");
        var verdict = Verification.VerifyQuickly(signed, Policy);
        Assert.Equal(["digest-directory"], verdict.Refusals());
        Assert.False(verdict.IsComplete);
        Assert.Contains("content-not-read", verdict.Notes());
    }

    [Fact]
    public async Task DirectoryOfTheSignatureItself_IsNotCovered()
    {
        var signed = await SignAsync(new());
        var entry = signed.AsSpan().LastIndexOf("AppxSignature.p7x"u8) - 46;
        signed[entry + DirectoryTimeOffset] ^= 1;

        await JudgeAsync(signed);
    }

    [Fact]
    public async Task PayloadChanged_IsRefusedByTheBlockMap()
    {
        var signed = await SignAsync(new());
        signed[SignedPackage.OffsetOf(signed, "b.png") + 60] ^= 1;

        Assert.Equal(Defect.BlockmapMismatch, Assert.Throws<InvalidInputException>(() => Verification.Verify(signed, Policy)).Defect);
        Assert.False((await tool.VerifyAsync(signed, [signer])).IsGood);
    }

    [Theory]
    [InlineData("[Content_Types].xml", "</Types>", "<!-- --></Types>", "digest-content-types")]
    [InlineData("AppxBlockMap.xml", "</BlockMap>", "<!-- --></BlockMap>", "digest-block-map")]
    public async Task FootprintChanged_ItsDigestDiffers(string path, string before, string after, string finding)
    {
        var signed = await SignAsync(new());
        var changed = SignedPackage.Rewrite(signed, path, content =>
            System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(content).Replace(before, after, StringComparison.Ordinal)));

        await JudgeAsync(changed, finding);
        Assert.Contains(finding, Verification.VerifyQuickly(changed, Policy).Refusals());
    }

    [Fact]
    public void CatalogueChangedOrGone_ItsDigestDiffers()
    {
        var signed = File.ReadAllBytes(PackageCorpus.PathOf("msix-packaging/TestAppxPackage_x64.appx"));
        var intact = new SignaturePolicy { Mode = SignatureMode.Intact };

        Assert.True(Verification.Verify(signed, intact).IsAccepted);
        Assert.Contains("digest-catalogue", Verification.Verify(SignedPackage.Rewrite(signed, "AppxMetadata/CodeIntegrity.cat", content => [.. content, 0]), intact).Refusals());
        Assert.Contains("digest-catalogue", Verification.Verify(SignedPackage.Rewrite(signed, "AppxMetadata/CodeIntegrity.cat", null), intact).Refusals());
    }

    [Fact]
    public async Task BytesBetweenParts_AreRefused()
    {
        var signed = await SignAsync(new() { IsZip64 = false, HasDataDescriptors = false });
        var at = SignedPackage.DirectoryOf(signed);
        byte[] changed = [.. signed[..at], .. "hidden"u8, .. signed[at..]];
        changed[^6] = (byte)((at + 6) & 0xFF);
        (changed[^5], changed[^4]) = ((byte)((at + 6) >> 8), (byte)((at + 6) >> 16));

        Assert.Equal(["uncovered-bytes"], Verification.Verify(changed, Policy).Refusals());
    }

    [Fact]
    public async Task PublisherOfAnother_IsRefused_InBothModes()
    {
        var other = TestAuthority.SelfSigned("CN=Somebody Else");
        var signed = await tool.SignAsync(Build(new()), other);
        var policy = new SignaturePolicy { TrustedCertificates = [other.Pem] };

        Assert.Equal(Defect.PublisherMismatch, Verification.Verify(signed, policy).Defect);
        Assert.Equal(Defect.PublisherMismatch, Verification.Verify(signed, policy with { Mode = SignatureMode.Intact }).Defect);
        Assert.True(Verification.Verify(signed, policy with { Mode = SignatureMode.Ignore }).IsAccepted);
    }

    [Fact]
    public void Unsigned_IsRefused_UnlessIgnored()
    {
        var package = Build(new());

        Assert.Equal(Defect.SignatureMissing, Verification.Verify(package, Policy).Defect);
        Assert.Equal(Defect.SignatureMissing, Verification.VerifyQuickly(package, Policy with { Mode = SignatureMode.Intact }).Defect);
        Assert.True(Verification.Verify(package, Policy with { Mode = SignatureMode.Ignore }).IsAccepted);
    }

    [Fact]
    public async Task SignatureOfAnotherPackage_DiffersInEverythingThatDiffers()
    {
        var signed = await SignAsync(new() { IsZip64 = false, HasDataDescriptors = false });
        var message = SignedPackage.MessageOf(await tool.SignAsync(new PackageBuilder().With("c.txt", "c").Build(), signer));
        var changed = SignedPackage.ReplaceSignature(signed, message);
        var verdict = await JudgeAsync(changed, "digest-parts");

        Assert.Equal(["digest-parts", "digest-directory", "digest-content-types", "digest-block-map"], verdict.Refusals());
        Assert.True(verdict.IsTrusted);
    }

    [Fact]
    public async Task SignatureValueOrDigestsChanged_AreSaid()
    {
        var signed = await SignAsync(new() { IsZip64 = false, HasDataDescriptors = false });
        Assert.True(Verification.Verify(SignedPackage.ReplaceSignature(signed, SignedPackage.MessageOf(signed)), Policy).IsAccepted);
        var message = SignedPackage.MessageOf(signed);
        var digests = SignedPackage.ReplaceSignature(signed, Flip(message, message.AsSpan().IndexOf("AXPC"u8) + 4));
        var value = SignedPackage.ReplaceSignature(signed, Flip(message, message.Length - 1));

        Assert.Contains("message-digest", (await JudgeAsync(digests, "digest-parts")).Refusals());
        await JudgeAsync(value, "signature-value");
    }

    [Fact]
    public async Task PassNotAtItsEnd_IsTheCallersFault()
    {
        using var stream = new MemoryStream(await SignAsync(new()), writable: false);
        var package = Package.Open(stream);
        using var content = package.ReadContent(1);

        Assert.Throws<ArgumentException>(() => new SignatureVerifier(Policy).Verify(package, content, Verification.Now));
    }

    [Fact]
    public async Task Pass_ReadsEachByteOnce_AndOpeningReadsTheTail()
    {
        var signed = await SignAsync(new());
        using var stream = new HostileStream(signed);
        var package = Package.Open(stream);
        stream.ResetCounts();
        using var content = package.ReadContent(2);
        while (content.TryRead(out _))
        {
        }

        Assert.True(new SignatureVerifier(Policy).Verify(package, content, Verification.Now).IsAccepted);
        Assert.Equal(signed.Length, stream.BytesRead);
    }

    private SignaturePolicy Policy => new() { TrustedCertificates = [signer.Pem] };

    private static byte[] Build(PackageWriterOptions options) =>
        new PackageBuilder { Options = options }.With("a.exe", PackageBuilder.Content(200_000)).With("b.png", PackageBuilder.Content(500)).Build();

    private static PackageWriterOptions WithMethod(int bits) => new() { HashBits = bits };

    private static byte[] Flip(byte[] bytes, int at)
    {
        var changed = (byte[])bytes.Clone();
        changed[at] ^= 1;
        return changed;
    }

    private Task<byte[]> SignAsync(PackageWriterOptions options) => tool.SignAsync(Build(options), signer);

    // Ours and osslsigncode's must agree; ours must give the reason.
    private async Task<SignatureVerdict> JudgeAsync(byte[] signed, string? expected = null)
    {
        var verdict = Verification.Verify(signed, Policy);
        var (isGood, output) = await tool.VerifyAsync(signed, [signer]);

        Assert.True((expected is null) == verdict.IsAccepted, string.Join(" ", verdict.Findings));
        Assert.True(isGood == verdict.IsAccepted, output);
        Assert.True(verdict.IsComplete);
        if (expected is not null)
        {
            Assert.Contains(expected, verdict.Refusals());
            Assert.Equal(Defect.SignatureInvalid, verdict.Defect);
        }

        return verdict;
    }
}
