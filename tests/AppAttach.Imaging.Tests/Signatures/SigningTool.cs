using System.Globalization;

namespace AppAttach.Imaging.Tests.Signatures;

/// <summary>Signs and judges packages with osslsigncode.</summary>
internal sealed class SigningTool(TemporaryFolder folder)
{
    private int files;

    /// <summary>Signs a package.</summary>
    /// <param name="package">Its bytes.</param>
    /// <param name="signer">Whose certificate.</param>
    /// <param name="others">More certificates to put in.</param>
    /// <param name="authority">Time-stamping authority, if there is to be a timestamp.</param>
    /// <param name="time">Time of the timestamp.</param>
    public async Task<byte[]> SignAsync(
        byte[] package, TestAuthority signer, TestAuthority[]? others = null, TestAuthority? authority = null, DateTimeOffset? time = null)
    {
        var input = Write(package, "msix");
        var output = NextPath("msix");
        List<string> arguments =
        [
            "sign", "-certs", Write(signer.Pem, "pem"), "-key", WriteText(signer.KeyPem), "-time", Seconds(time ?? Verification.Now),
        ];
        if (others is not null)
        {
            arguments.AddRange(["-ac", Write(Concat(others), "pem")]);
        }

        if (authority is not null)
        {
            arguments.AddRange(["-TSA-certs", Write(authority.Pem, "pem"), "-TSA-key", WriteText(authority.KeyPem), "-TSA-time", Seconds(time ?? Verification.Now)]);
        }

        arguments.AddRange(["-in", input, "-out", output]);
        await Judge.PassAsync("osslsigncode", [.. arguments]);
        return await File.ReadAllBytesAsync(output);
    }

    /// <summary>Whether osslsigncode finds a package good.</summary>
    /// <param name="package">Its bytes.</param>
    /// <param name="roots">Trusted certificates, for signatures and timestamps.</param>
    /// <param name="time">As of when.</param>
    public async Task<(bool IsGood, string Output)> VerifyAsync(byte[] package, TestAuthority[] roots, DateTimeOffset? time = null)
    {
        var rootsFile = Write(Concat(roots), "pem");
        var (exitCode, output) = await Judge.RunAsync(
            "osslsigncode", "verify", "-CAfile", rootsFile, "-TSA-CAfile", rootsFile, "-time", Seconds(time ?? Verification.Now), "-in", Write(package, "msix"));
        return (exitCode == 0, output);
    }

    private static byte[] Concat(TestAuthority[] authorities) => [.. authorities.SelectMany(authority => authority.Pem.Append((byte)'\n'))];

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private string NextPath(string extension) => folder.PathOf(string.Create(CultureInfo.InvariantCulture, $"{++files}.{extension}"));

    private string Write(byte[] bytes, string extension)
    {
        var path = NextPath(extension);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string WriteText(string text)
    {
        var path = NextPath("key");
        File.WriteAllText(path, text);
        return path;
    }
}
