using System.Security.Cryptography;
using AppAttach.Contracts;

namespace AppAttach.Listener.Bus;

/// <summary>
/// The key pair that this host signs its messages with, made at its first start. It lies in the state folder, which nobody but the system and administrators
/// can read: a program that has the machine's token for the bus does not have it.
/// </summary>
internal sealed class HostKey : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ECDsa _key;

    private HostKey(ECDsa key) => _key = key;

    /// <summary>Reads the key, or makes it. A machine that was cloned with its state has another name, and so a key of its own; a damaged one is replaced.</summary>
    /// <param name="stateFolder">The state folder.</param>
    /// <param name="host">Name of the host.</param>
    /// <returns>The key.</returns>
    public static HostKey Open(string stateFolder, string host)
    {
        var path = Path.Combine(stateFolder, host.ToLowerInvariant() + ".host-key");
#pragma warning disable CA2000 // What is returned disposes of its key.
        if (File.Exists(path) && Read(path) is { } known)
        {
            return new HostKey(known);
        }

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DurableFile.Write(path, key.ExportPkcs8PrivateKey(), isSecret: true);
        return new HostKey(key);
#pragma warning restore CA2000
    }

    /// <summary>Signs a message.</summary>
    /// <param name="body">Its body.</param>
    /// <returns>The proof to send with it.</returns>
    public HostProof Sign(ReadOnlySpan<byte> body)
    {
        lock (_lock)
        {
            return HostProof.Sign(_key, body);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static ECDsa? Read(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(File.ReadAllBytes(path), out _);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }
}
