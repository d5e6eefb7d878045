using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Benchmarks;

/// <summary>Signs a package as a publisher would, with osslsigncode and a certificate of its own making, so that every check is on while it is measured.</summary>
internal static class BenchmarkSignature
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    /// <summary>Signs a package in place.</summary>
    /// <param name="package">Path of the package; its publisher is <see cref="BenchmarkPackage.Publisher"/>.</param>
    /// <returns>Path of the certificate to trust, beside the package.</returns>
    public static async Task<string> SignAsync(string package)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(BenchmarkPackage.Publisher, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(CodeSigning)], critical: false));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        var (certificatePath, keyPath, signed) = (package + ".pem", package + ".key", package + ".signed");
        await File.WriteAllTextAsync(certificatePath, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyPath, key.ExportPkcs8PrivateKeyPem());
        await Measurement.OfAsync("osslsigncode", "sign", "-certs", certificatePath, "-key", keyPath, "-in", package, "-out", signed);
        File.Delete(keyPath);
        File.Move(signed, package, overwrite: true);
        return certificatePath;
    }
}
