using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AppAttach.Listener.Checks;

namespace AppAttach.Listener.Windows.Checks;

/// <summary>The certificate stores of the machine; those of a user say nothing about what the service and other users may deploy.</summary>
internal static class MachineCertificates
{
    /// <summary>Whom the machine trusts. Roots are left to Windows, which fetches some of them only when they are needed.</summary>
    public static CertificateTrust Trust() => new(ThumbprintsOf(StoreName.TrustedPeople), roots: null);

    /// <summary>SHA-256 thumbprints of what a store of the machine's holds, lower-case hexadecimal; none where there is no such store.</summary>
    public static List<string> ThumbprintsOf(StoreName name)
    {
        using var store = new X509Store(name, StoreLocation.LocalMachine);
        try
        {
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        }
        catch (CryptographicException)
        {
            return [];
        }

        var thumbprints = new List<string>();
        foreach (var certificate in store.Certificates)
        {
            thumbprints.Add(CertificateTrust.ThumbprintOf(certificate));
            certificate.Dispose();
        }

        return thumbprints;
    }
}
