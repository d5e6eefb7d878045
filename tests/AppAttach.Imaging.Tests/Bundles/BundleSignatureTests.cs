using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Signatures;
using AppAttach.Imaging.Tests.Signatures;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Bundles;

/// <summary>Signatures of bundles that osslsigncode signed and judges too.</summary>
public sealed class BundleSignatureTests : IDisposable
{
    private const int LocalTimeOffset = 10;
    private const int DirectoryTimeOffset = 12;

    private readonly TemporaryFolder folder = new();
    private readonly SigningTool tool;
    private readonly TestAuthority signer = TestAuthority.SelfSigned();

    public BundleSignatureTests() => tool = new(folder);

    private static PackageWriterOptions Plain => new() { IsZip64 = false, HasDataDescriptors = false };

    private SignaturePolicy Policy => new() { TrustedCertificates = [signer.Pem] };

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false, false, 256)]
    [InlineData(true, true, 256)]
    [InlineData(true, false, 384)]
    [InlineData(false, true, 512)]
    public async Task SignedBundle_IsAccepted(bool isZip64, bool hasDataDescriptors, int bits)
    {
        var signed = await SignAsync(new() { IsZip64 = isZip64, HasDataDescriptors = hasDataDescriptors, HashBits = bits });
        var verdict = await JudgeAsync(signed);

        Assert.True(verdict.IsTrusted);
        Assert.True(verdict.Signature!.IsBundle);
        Assert.Equal(["timestamp-missing", "revocation-unknown"], verdict.Notes());
    }

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    public async Task LocalHeaderOfAPackageChanged_PartsDiffer(int bits)
    {
        var signed = await SignAsync(Plain with { HashBits = bits });
        signed[SignedPackage.OffsetOf(signed, "app_x86.msix") + LocalTimeOffset] ^= 1;

        await JudgeAsync(signed, "digest-parts");
        Assert.DoesNotContain("digest-parts", VerifyQuickly(signed).Refusals());
    }

    [Fact]
    public async Task DirectoryChanged_IsFoundWithoutReadingContentToo()
    {
        var signed = await SignAsync(Plain);
        signed[SignedPackage.DirectoryOf(signed) + DirectoryTimeOffset] ^= 1;

        await JudgeAsync(signed, "digest-directory");
        var verdict = VerifyQuickly(signed);
        Assert.Equal(["digest-directory"], verdict.Refusals());
        Assert.False(verdict.IsComplete);
        Assert.Contains("content-not-read", verdict.Notes());
    }

    [Theory]
    [InlineData("[Content_Types].xml", "</Types>", "<!-- --></Types>", "digest-content-types")]
    [InlineData("AppxBlockMap.xml", "</BlockMap>", "<!-- --></BlockMap>", "digest-block-map")]
    public async Task FootprintChanged_ItsDigestDiffers(string path, string before, string after, string finding)
    {
        var changed = SignedPackage.Rewrite(await SignAsync(Plain), path, content =>
            System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(content).Replace(before, after, StringComparison.Ordinal)));

        await JudgeAsync(changed, finding);
        Assert.Contains(finding, VerifyQuickly(changed).Refusals());
    }

    [Fact]
    public async Task ManifestChanged_IsRefusedByTheBlockMap()
    {
        var changed = SignedPackage.Rewrite(await SignAsync(Plain), "AppxMetadata/AppxBundleManifest.xml", content => [.. content, (byte)' ']);

        Assert.Equal(Defect.BlockmapInvalid, BundleContent.Refusal(changed).Defect);
        Assert.False((await tool.VerifyAsync(changed, [signer])).IsGood);
    }

    [Fact]
    public async Task PackageInsideReplaced_PartsDiffer()
    {
        var signed = await SignAsync(Plain);
        var at = SignedPackage.OffsetOf(signed, "app_x86.msix") + LocalFileHeader.Size + "app_x86.msix".Length;
        var other = await tool.SignAsync(new PackageBuilder { Architecture = "x86", Options = Plain }.With("app.exe", PackageBuilder.Content(300, 9)).Build(), signer);
        var original = (await SignAllAsync(signer))[1].Content;
        Assert.NotEqual(original.Length, other.Length);

        // Of another size it cannot even be put in without the manifest's noticing.
        byte[] replaced = [.. signed[..at], .. other, .. signed[(at + original.Length)..]];
        Assert.Equal(Defect.ZipCorrupt, BundleContent.Refusal(replaced).Defect);
        signed[at + 100] ^= 1;
        await JudgeAsync(signed, "digest-parts");
    }

    [Fact]
    public async Task BytesBetweenParts_AreRefused()
    {
        var signed = await SignAsync(Plain);
        var at = SignedPackage.DirectoryOf(signed);
        byte[] changed = [.. signed[..at], .. "hidden"u8, .. signed[at..]];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(changed.Length - 6), at + 6);

        Assert.Equal(["uncovered-bytes"], BundleContent.Verify(changed, Policy).Refusals());
    }

    [Fact]
    public async Task UnsignedBundle_IsRefused_WhateverItsPackagesAre()
    {
        var unsigned = Build(Plain, await SignAllAsync(signer));
        var verdict = BundleContent.Verify(unsigned, Policy);

        Assert.Equal(Defect.SignatureMissing, verdict.Defect);
        Assert.Contains("The bundle is not signed", verdict.Findings[0].Message, StringComparison.Ordinal);
        Assert.True(BundleContent.Verify(unsigned, Policy with { Mode = SignatureMode.Ignore }).IsAccepted);
    }

    [Fact]
    public async Task UnsignedPackageInside_IsRefused_InBothModes()
    {
        var members = await SignAllAsync(signer);
        members[1] = BundleSample.X86;
        var signed = await tool.SignAsync(Build(Plain, members), signer);

        Assert.True((await tool.VerifyAsync(signed, [signer])).IsGood);
        foreach (var mode in new[] { SignatureMode.Trusted, SignatureMode.Intact })
        {
            var verdict = BundleContent.Verify(signed, Policy with { Mode = mode });
            Assert.Equal(Defect.SignatureMissing, verdict.Defect);
            Assert.Contains("'app_x86.msix'", verdict.Findings[0].Message, StringComparison.Ordinal);
            Assert.False(verdict.IsTrusted);
        }
    }

    [Fact]
    public async Task PackageInsideByAnother_IsRefused()
    {
        var stranger = TestAuthority.SelfSigned("CN=Somebody Else");
        var namesake = TestAuthority.SelfSigned();
        var members = await SignAllAsync(signer);
        var (byStranger, byNamesake) = (members.ToArray(), members.ToArray());
        byStranger[1] = (await SignAllAsync(stranger))[1];
        byNamesake[1] = (await SignAllAsync(namesake))[1];

        var first = BundleContent.Verify(await tool.SignAsync(Build(Plain, byStranger), signer), Policy with { TrustedCertificates = [signer.Pem, stranger.Pem] });
        var second = BundleContent.Verify(await tool.SignAsync(Build(Plain, byNamesake), signer), Policy);
        Assert.Equal((Defect.PublisherMismatch, Defect.PublisherUntrusted), (first.Defect, second.Defect));
        Assert.All([first, second], verdict => Assert.Contains("'app_x86.msix'", verdict.Findings[0].Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task BundleByAnother_IsRefused()
    {
        var stranger = TestAuthority.SelfSigned("CN=Somebody Else");
        var signed = await tool.SignAsync(Build(Plain, await SignAllAsync(signer)), stranger);

        Assert.Equal(Defect.PublisherMismatch, BundleContent.Verify(signed, Policy with { TrustedCertificates = [signer.Pem, stranger.Pem] }).Defect);
    }

    [Fact]
    public async Task SignatureOfAPackage_IsNoneOfABundle()
    {
        var signed = await SignAsync(Plain);
        var changed = SignedPackage.ReplaceSignature(signed, SignedPackage.MessageOf((await SignAllAsync(signer))[0].Content));

        Assert.Contains("signature-kind", BundleContent.Verify(changed, Policy).Refusals());
    }

    [Fact]
    public async Task PackagesBeside_AreVerifiedWhole()
    {
        var members = await SignAllAsync(signer);
        var signed = await tool.SignAsync(new BundleBuilder { IsFlat = true, Options = Plain }.With(members).Build(), signer);
        using var bundle = BundleContent.Open(signed, BundleSample.Folder(members));
        var sound = BundleContent.Verify(bundle, Policy);
        Assert.True(sound is { IsAccepted: true, IsComplete: true }, string.Join(" ", sound.Findings));

        var changed = (byte[])members[1].Content.Clone();
        changed[LocalTimeOffset] ^= 1;
        members[1] = members[1] with { Content = changed };
        using var tampered = BundleContent.Open(signed, BundleSample.Folder(members));
        var verdict = BundleContent.Verify(tampered, Policy);
        Assert.Equal(["digest-parts"], verdict.Refusals());
        Assert.Contains("'app_x86.msix'", verdict.Findings[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256, "0,1,2,3")]
    [InlineData(256, "1")]
    [InlineData(256, "3,1,0")]
    [InlineData(384, "0,1,2,3")]
    [InlineData(384, "2,2,0")]
    public async Task PassWhilePackagesAreRead_FindsTheSameInAnyOrder(int bits, string order)
    {
        var signed = await SignAsync(Plain with { HashBits = bits });
        using var bundle = BundleContent.Open(signed);
        Package[] packages = [.. bundle.Packages.Select(package => package.Open())];
        using var pass = bundle.StartPass();
        foreach (var index in order.Split(',').Select(int.Parse))
        {
            BundleContent.Drain(packages[index]);
        }

        pass.Complete();
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(signed), pass.BundleDigest.ToArray());
        var verdict = new SignatureVerifier(Policy).Verify(bundle, pass, Verification.Now);
        Assert.True(verdict is { IsAccepted: true, IsComplete: true }, string.Join(" ", verdict.Findings));
    }

    [Fact]
    public async Task PassNotAtItsEnd_IsTheCallersFault()
    {
        using var bundle = BundleContent.Open(await SignAsync(Plain));
        using var pass = bundle.StartPass();

        Assert.Throws<ArgumentException>(() => new SignatureVerifier(Policy).Verify(bundle, pass, Verification.Now));
    }

    private static byte[] Build(PackageWriterOptions options, BundleMember[] members) => new BundleBuilder { Options = options }.With(members).Build();

    private async Task<byte[]> SignAsync(PackageWriterOptions options) => await tool.SignAsync(Build(options, await SignAllAsync(signer)), signer);

    private async Task<BundleMember[]> SignAllAsync(TestAuthority authority)
    {
        var members = BundleSample.Members;
        for (var index = 0; index < members.Length; index++)
        {
            members[index] = members[index] with { Content = await tool.SignAsync(members[index].Content, authority) };
        }

        return members;
    }

    private SignatureVerdict VerifyQuickly(byte[] signed)
    {
        using var bundle = BundleContent.Open(signed);
        return new SignatureVerifier(Policy).Verify(bundle, pass: null, Verification.Now);
    }

    // Ours and osslsigncode's must agree; ours must give the reason.
    private async Task<SignatureVerdict> JudgeAsync(byte[] signed, string? expected = null)
    {
        var verdict = BundleContent.Verify(signed, Policy);
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
