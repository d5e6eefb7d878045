namespace AppAttach.Imaging.Signatures;

/// <summary>How much of a signature must hold.</summary>
public enum SignatureMode
{
    /// <summary>Everything: digests, signature value, publisher, and a certificate that is trusted, may sign code and was valid when it signed.</summary>
    Trusted,

    /// <summary>Digests, signature value and publisher; any certificate. What is wrong with the certificate is said as notes.</summary>
    Intact,

    /// <summary>Nothing; the signature is not looked at.</summary>
    Ignore,
}
