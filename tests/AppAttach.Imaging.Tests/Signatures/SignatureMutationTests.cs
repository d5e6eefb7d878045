using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Signatures;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Signatures;

/// <summary>Broken signatures of all kinds end in a verdict, or in the one documented exception, and never in acceptance of what was not signed.</summary>
public sealed class SignatureMutationTests
{
    private const int Mutations = 1_000;
    private const int MagicBytes = 4;

    public static TheoryData<string, int> Seeds => new MatrixTheoryData<string, int>(
        ["synthetic/valid-signed.msix", "msix-packaging/CentennialCoffee.appx", "synthetic/valid-signed-sha512.msix"], [1, 2]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RandomMutations_GiveAVerdict(string path, int seed)
    {
        var content = ContentOf(path);
        var verifier = new SignatureVerifier(new() { Mode = SignatureMode.Intact });
        Assert.True(verifier.Verify(content, Verification.Now).IsAccepted);
        var random = new Random(seed);
        for (var round = 0; round < Mutations; round++)
        {
            var mutated = ByteMutator.Mutate(content.Signature, random, first: MagicBytes);
            var verdict = verifier.Verify(content with { Signature = mutated }, Verification.Now);

            Assert.NotEmpty(verdict.Findings);
            Assert.All(verdict.Findings, finding => Assert.EndsWith(".", finding.Message, StringComparison.Ordinal));
            try
            {
                PackageSignature.Read(mutated);
            }
            catch (InvalidInputException exception)
            {
                Assert.Equal(Defect.SignatureInvalid, exception.Defect);
            }
        }
    }

    [Fact]
    public void EveryTruncation_IsRefused()
    {
        var signature = ContentOf("synthetic/valid-signed.msix").Signature;
        for (var length = 0; length < signature.Length; length++)
        {
            Assert.Throws<InvalidInputException>(() => PackageSignature.Read(signature.AsMemory(0, length)));
        }
    }

    [Fact]
    public void EveryBitOfTheSignedDigests_IsGuarded()
    {
        var content = ContentOf("synthetic/valid-signed.msix");
        var verifier = new SignatureVerifier(new() { Mode = SignatureMode.Intact });
        var start = content.Signature.AsSpan().IndexOf("APPX"u8);
        for (var at = start; at < start + 148; at++)
        {
            var mutated = (byte[])content.Signature.Clone();
            mutated[at] ^= (byte)(1 << (at % 8));

            Assert.Equal(Defect.SignatureInvalid, verifier.Verify(content with { Signature = mutated }, Verification.Now).Defect);
        }
    }

    [Fact]
    public void LargestSignature_IsReadAndOneByteMoreIsNot()
    {
        var largest = new byte[PackageSignature.LargestBytes];
        Assert.Equal(Defect.SignatureInvalid, Assert.Throws<InvalidInputException>(() => PackageSignature.Read(largest)).Defect);
        Assert.Equal(Defect.LimitExceeded, Assert.Throws<InvalidInputException>(() => PackageSignature.Read(new byte[largest.Length + 1])).Defect);
    }

    [Fact]
    public void HundredCertificates_AreReadAndOneMoreIsNot()
    {
        var message = new SignedCms();
        message.Decode(ContentOf("synthetic/valid-signed.msix").Signature[4..]);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        while (message.Certificates.Count < 100)
        {
            var request = new CertificateRequest($"CN=Number {message.Certificates.Count}", key, HashAlgorithmName.SHA256);
            message.AddCertificate(request.CreateSelfSigned(TestAuthority.Start, TestAuthority.Start.AddYears(1)));
        }

        Assert.Equal(100, PackageSignature.Read((byte[])[.. "PKCX"u8, .. message.Encode()]).Certificates.Count);
        message.AddCertificate(TestAuthority.SelfSigned().Certificate);
        Assert.Throws<InvalidInputException>(() => PackageSignature.Read((byte[])[.. "PKCX"u8, .. message.Encode()]));
    }

    [Fact]
    public void SignatureOfABundle_IsForBundlesOnly()
    {
        var bundle = SignedPackage.ReadPart(File.ReadAllBytes(PackageCorpus.PathOf("synthetic/valid-signed-bundle.msixbundle")), "AppxSignature.p7x");
        var content = ContentOf("synthetic/valid-signed.msix") with { Signature = bundle };

        Assert.True(PackageSignature.Read(bundle).IsBundle);
        Assert.Contains("signature-kind", new SignatureVerifier(new()).Verify(content, Verification.Now).Refusals());
        Assert.DoesNotContain("signature-kind", new SignatureVerifier(new()).Verify(content with { IsBundle = true }, Verification.Now).Refusals());
    }

    [Fact]
    public void MicrosoftRoots_AreTheOnesNamed()
    {
        Assert.Equal(
            [MicrosoftRoots.Root2010, MicrosoftRoots.Root2011],
            MicrosoftRoots.Certificates.Select(root => root.GetCertHashString(HashAlgorithmName.SHA256)));
        Assert.All(MicrosoftRoots.Certificates, root => Assert.True(MicrosoftRoots.Contains(root)));
        Assert.False(MicrosoftRoots.Contains(TestAuthority.Root("CN=Microsoft Root Certificate Authority 2011").Certificate));
    }

    private static SignedContent ContentOf(string path)
    {
        using var stream = File.OpenRead(PackageCorpus.PathOf(path));
        var package = Package.Open(stream);
        using var content = package.ReadContent(1);
        while (content.TryRead(out _))
        {
        }

        return package.ReadSignedContent(content)!;
    }
}
