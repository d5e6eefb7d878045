using AppAttach.Listener.Commands;
using AppAttach.Listener.Mounting;

namespace AppAttach.Listener.Checks;

/// <summary>The machine trusts the certificates of the packages that are staged: without that, Windows stages and registers none of them again.</summary>
internal sealed class SignerCheck(ListenerOptions options, CertificateTrust trust) : IListenerCheck
{
    // The largest that the MSIX SDK reads.
    private const int SignatureLimitBytes = 2 << 20;

    private const string Subject = "certificates";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var machine = ListenerHost.MakeMachine(options, MounterChoice.Make(options, managedMounter: null), TimeProvider.System);
            return await LookAsync(machine, trust, cancellationToken);
        }
        catch (Exception e) when (e is CommandFailedException or IOException or UnauthorizedAccessException)
        {
            return [new CheckFinding(Subject, IsGood: false, $"they cannot be looked at: {e.Message}")];
        }
    }

    /// <summary>What is amiss with the signers of a machine's packages; one good finding where nothing is.</summary>
    internal static async Task<IReadOnlyList<CheckFinding>> LookAsync(HostMachine machine, CertificateTrust trust, CancellationToken cancellationToken)
    {
        var mounted = (await machine.Mounter.ListAsync(cancellationToken)).ToDictionary(image => image.Image.Digest);
        var findings = new List<CheckFinding>();
        var looked = 0;
        foreach (var record in machine.Ledger.Packages)
        {
            // What is not mounted is another check's.
            if (mounted.GetValueOrDefault(record.Image.Digest) is { } image)
            {
                looked++;
                findings.AddRange((record.Resources ?? []).Append(record.Package.FullName).Select(name => Look(image, name, trust)).OfType<CheckFinding>());
            }
        }

        return findings.Count > 0 ? findings : [new CheckFinding(Subject, IsGood: true, $"those of the {looked} packages that are mounted are trusted.")];
    }

    private static CheckFinding? Look(IMountedImage image, string fullName, CertificateTrust trust)
    {
        var path = $"{image.Image.RootFolder.Replace('\\', '/')}/{fullName}/AppxSignature.p7x";
        using var content = image.OpenFile(path);
        if (content is null)
        {
            return new CheckFinding(fullName, IsGood: false, "it is not signed. Windows takes unsigned packages only where a developer's machine is set to; sign it and convert it again.");
        }

        var signature = new byte[(int)Math.Min(content.Length, SignatureLimitBytes)];
        content.ReadExactly(signature);
        using var signer = PackageSigner.Read(signature);
        if (signer is null)
        {
            return new CheckFinding(fullName, IsGood: false, "its signature names no certificate that it holds. Convert the package again; 'appattach inspect' says what is wrong with it.");
        }

        return trust.FindObstacle(signer) is not { } obstacle ? null : new CheckFinding(
            fullName,
            IsGood: false,
            $"this machine does not trust the certificate it is signed with, {signer.Certificate.Subject} ({obstacle}; SHA-256 {CertificateTrust.ThumbprintOf(signer.Certificate)}). "
            + "Import that into LocalMachine\\TrustedPeople, or its root into LocalMachine\\Root, best by group policy or Intune.");
    }
}
