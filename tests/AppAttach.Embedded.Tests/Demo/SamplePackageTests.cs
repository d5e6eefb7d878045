using AppAttach.Embedded.Demo;

namespace AppAttach.Embedded.Tests.Demo;

public sealed class SamplePackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WrittenTwice_HasTheSameBytes()
    {
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        SamplePackage.Write(first);
        SamplePackage.Write(second);
        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Fact]
    public async Task Sample_CanBeSignedAndReadByProgramsOfOthers()
    {
        Judge.Require("osslsigncode", "openssl");
        var package = await WriteAsync();
        var (key, certificate, signed) = (_folder.PathOf("key.pem"), _folder.PathOf("certificate.pem"), _folder.PathOf("signed.msix"));
        await Judge.PassAsync(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=AppAttach Sample",
            "-addext", "extendedKeyUsage=codeSigning");
        await Judge.PassAsync("osslsigncode", "sign", "-certs", certificate, "-key", key, "-h", "sha256", "-in", package, "-out", signed);
        var verified = await Judge.PassAsync("osslsigncode", "verify", "-CAfile", certificate, "-in", signed);
        Assert.Contains("Number of verified signatures: 1", verified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_IsASoundArchiveFor7Zip()
    {
        var program = Judge.Find("7zz") ?? Judge.Find("7z");
        if (program is null)
        {
            Judge.Missing("7zz is not installed; ./tests/run installs it where it can.");
        }

        var package = await WriteAsync();
        Assert.Contains("Everything is Ok", await Judge.PassAsync(program!, "t", package), StringComparison.Ordinal);
    }

    private async Task<string> WriteAsync()
    {
        var path = _folder.PathOf(SamplePackage.FileName);
        await using var file = File.Create(path);
        SamplePackage.Write(file);
        return path;
    }
}
