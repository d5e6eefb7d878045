using AppAttach.Imaging.Packages;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Packages;

/// <summary>What the packer writes, judged by programs that others wrote.</summary>
public sealed class PackageWriterTests
{
    public static TheoryData<bool, bool> Forms => new MatrixTheoryData<bool, bool>([false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task EveryForm_IsSoundTo7Zip(bool isZip64, bool hasDataDescriptors)
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("t.zip");
        await File.WriteAllBytesAsync(path, Build(isZip64, hasDataDescriptors));
        Assert.Contains("Everything is Ok", await Judge.PassAsync(Judge.Find("7zz") ?? "7z", "t", path), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task EveryForm_UnpacksInPython(bool isZip64, bool hasDataDescriptors)
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("t.zip");
        await File.WriteAllBytesAsync(path, Build(isZip64, hasDataDescriptors));
        const string script = """
            import sys, zipfile, hashlib
            with zipfile.ZipFile(sys.argv[1]) as archive:
                assert archive.testzip() is None
                for name in archive.namelist():
                    print(name, hashlib.sha256(archive.read(name)).hexdigest().upper())
            """;
        var output = await Judge.PassAsync("python3", "-c", script, path);
        var hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(PackageBuilder.Content(200_000)));
        Assert.Contains($"folder%20one/%E0%A4%B9.txt {hash}", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task EveryForm_CanBeSigned(bool isZip64, bool hasDataDescriptors)
    {
        Judge.Require("openssl", "osslsigncode");
        using var folder = new TemporaryFolder();
        var (key, certificate) = (folder.PathOf("key.pem"), folder.PathOf("certificate.pem"));
        var (unsigned, signed) = (folder.PathOf("unsigned.msix"), folder.PathOf("signed.msix"));
        await File.WriteAllBytesAsync(unsigned, Build(isZip64, hasDataDescriptors));
        await Judge.PassAsync(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-sha256", "-days", "3650", "-nodes", "-keyout", key, "-out", certificate,
            "-subj", "/C=US/ST=Washington/L=Redmond/O=Contoso Ltd/CN=Contoso Test", "-addext", "basicConstraints=critical,CA:FALSE",
            "-addext", "keyUsage=critical,digitalSignature", "-addext", "extendedKeyUsage=codeSigning");
        await Judge.PassAsync("osslsigncode", "sign", "-certs", certificate, "-key", key, "-in", unsigned, "-out", signed);
        var verdict = await Judge.PassAsync("osslsigncode", "verify", "-in", signed, "-CAfile", certificate);
        Assert.Contains("Signature verification: ok", verdict, StringComparison.Ordinal);

        using var stream = File.OpenRead(signed);
        Assert.True(Package.Open(stream).IsSigned);
        var (files, _) = PackageContent.ReadAll(stream);
        Assert.Equal(PackageBuilder.Content(200_000), files["folder one/ह.txt"]);
        Assert.True(files.ContainsKey("AppxSignature.p7x"));
    }

    [Fact]
    public void SameFiles_GiveTheSameBytes() => Assert.Equal(Build(true, true), Build(true, true));

    [Theory]
    [InlineData("AppxManifest.xml")]
    [InlineData("AppxSignature.p7x")]
    [InlineData("[Content_Types].xml")]
    public void NamesOfThePackage_AreRefused(string path) =>
        Assert.Throws<ArgumentException>(() => new PackageBuilder().With(path, "x").Build());

    [Fact]
    public void FilesThatDifferInCase_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new PackageBuilder().With("a.txt", "x").With("A.TXT", "y").Build());

    [Theory]
    [InlineData(65_531, false)]
    [InlineData(65_532, true)]
    public void PlainZip_HoldsAsManyPartsAsItsCountCan(int files, bool isRefused)
    {
        // Manifest, block map and content types come on top: 65,534 parts are the most that a plain end record can count.
        var builder = new PackageBuilder { Options = new() { IsZip64 = false } };
        for (var index = 0; index < files; index++)
        {
            builder.With($"{index}", "");
        }

        if (isRefused)
        {
            Assert.Throws<InvalidOperationException>(builder.Build);
        }
        else
        {
            Assert.Equal(files + 2, PackageContent.ReadAll(builder.Build()).Files.Count);
        }
    }

    [Fact]
    public void Zip64_HoldsMoreParts()
    {
        var builder = new PackageBuilder();
        for (var index = 0; index < 70_000; index++)
        {
            builder.With($"{index % 100}/{index}", "");
        }

        Assert.Equal(70_002, PackageContent.ReadAll(builder.Build()).Files.Count);
    }

    private static byte[] Build(bool isZip64, bool hasDataDescriptors) =>
        new PackageBuilder { Options = new() { IsZip64 = isZip64, HasDataDescriptors = hasDataDescriptors } }
            .With("app.exe", PackageBuilder.Content(65537))
            .With("folder one/ह.txt", PackageBuilder.Content(200_000))
            .With("logo.png", PackageBuilder.Content(65536, 3))
            .With("LICENSE", "none")
            .With("empty.txt", "")
            .Build();
}
