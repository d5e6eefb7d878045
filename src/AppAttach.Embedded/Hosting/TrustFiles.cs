using System.Security.Cryptography;
using AppAttach.Imaging.Signatures;

namespace AppAttach.Embedded.Hosting;

/// <summary>Files with certificates that an admin trusts: PEM with one or more, or DER with one.</summary>
internal static class TrustFiles
{
    private const byte DerSequence = 0x30;
    private const long MaximumBytes = 1 << 20;

    private static readonly string[] Extensions = [".pem", ".cer", ".crt", ".der"];

    /// <summary>Reads the certificates of a folder.</summary>
    /// <param name="folder">The folder; it need not be there. Files with other extensions are left alone.</param>
    /// <returns>Their PEM, by file name.</returns>
    /// <exception cref="SettingsException">A file holds no certificate.</exception>
    public static IReadOnlyList<string> ReadFolder(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Where(path => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Select(Read)]
        : [];

    /// <summary>Reads one file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Its certificates in PEM.</returns>
    /// <exception cref="SettingsException">It holds none.</exception>
    public static string Read(string path)
    {
        if (new FileInfo(path).Length > MaximumBytes)
        {
            throw new SettingsException($"{path} is longer than {MaximumBytes} bytes, which no file of certificates needs to be.");
        }

        var bytes = File.ReadAllBytes(path);
        try
        {
            _ = new SignatureVerifier(new SignaturePolicy { TrustedCertificates = [bytes] });
        }
        catch (ArgumentException e)
        {
            throw new SettingsException($"{path} cannot be trusted: it holds no certificate in PEM or DER.", e);
        }

        return bytes[0] == DerSequence ? PemEncoding.WriteString("CERTIFICATE", bytes) : System.Text.Encoding.UTF8.GetString(bytes);
    }
}
