using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AppAttach.Contracts;

namespace AppAttach.Embedded.Bus.Access;

/// <summary>
/// Who may do what on the bus. The root key lies in a file that only its owner reads; keys of hosts and other systems are derived from it, so that
/// they outlive the process without being stored, and a new root key makes all of them new.
/// </summary>
internal sealed class BusAccess
{
    /// <summary>Name of the root key's policy, as in Azure Service Bus.</summary>
    public const string RootKeyName = "RootManageSharedAccessKey";

    /// <summary>Name of the file that holds the root key.</summary>
    public const string RootKeyFile = "bus-root.key";

    private const int KeyBytes = 32;
    private const string HostKeyPrefix = "host-";
    private const string SystemKeyPrefix = "system-";

    private readonly ConcurrentDictionary<string, IReadOnlyList<BusKey>> _keys = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    private BusAccess(BusKey root, TimeProvider time)
    {
        Root = root;
        _time = time;
        Set([root]);
    }

    /// <summary>The key that may do everything.</summary>
    public BusKey Root { get; }

    /// <summary>Reads the root key of a data folder, making it if it is not there.</summary>
    /// <param name="dataFolder">The folder; it exists.</param>
    /// <param name="time">The clock that tokens end by.</param>
    /// <returns>The access rules, with the root key only.</returns>
    /// <exception cref="InvalidDataException">The file is there and empty.</exception>
    public static BusAccess Open(string dataFolder, TimeProvider time)
    {
        var path = Path.Combine(dataFolder, RootKeyFile);
        if (!File.Exists(path))
        {
            Write(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));
        }

        var key = File.ReadAllText(path).Trim();
        return key.Length > 0
            ? new BusAccess(new BusKey(RootKeyName, key, BusRights.Manage, string.Empty), time)
            : throw new InvalidDataException($"The key file \"{path}\" is empty. Delete it to get a new key; every host then needs a new one too.");
    }

    /// <summary>Sets the policies of one name; an earlier set of that name is replaced.</summary>
    /// <param name="keys">One or more, all of the same name.</param>
    public void Set(IReadOnlyList<BusKey> keys)
    {
        if (keys.Count == 0 || keys.Any(key => key.Name != keys[0].Name))
        {
            throw new ArgumentException("One or more policies of the same name are needed.", nameof(keys));
        }

        _keys[keys[0].Name] = keys;
    }

    /// <summary>Name of a host's key.</summary>
    /// <param name="host">The host.</param>
    /// <returns>The name.</returns>
    public static string HostKeyName(string host) => HostKeyPrefix + host.ToLowerInvariant();

    /// <summary>The host whose key has a name.</summary>
    /// <param name="keyName">Name of the key.</param>
    /// <returns>The host, in lower case; null: the key is no host's.</returns>
    public static string? HostOf(string? keyName) =>
        keyName?.StartsWith(HostKeyPrefix, StringComparison.Ordinal) == true ? keyName[HostKeyPrefix.Length..] : null;

    /// <summary>Lets a host receive its commands and send its outcomes, and nothing else.</summary>
    /// <param name="pool">The host's pool.</param>
    /// <param name="host">The host.</param>
    /// <returns>Name and key to give to the host; the same ones each time.</returns>
    public (string Name, string Key) AllowHost(string pool, string host)
    {
        var name = HostKeyName(host);
        var key = KeyOf(name);
        Set(
        [
            new BusKey(name, key, BusRights.Listen, BusPath.OfSubscription(BusEntities.HostCommandsTopic(pool), host)),
            new BusKey(name, key, BusRights.Send, BusEntities.HostOutcomes),
        ]);
        return (name, key);
    }

    /// <summary>Name of another system's key.</summary>
    /// <param name="system">The system.</param>
    /// <returns>The name.</returns>
    public static string SystemKeyName(string system) => SystemKeyPrefix + system.ToLowerInvariant();

    /// <summary>Lets another system send requests and receive its answers and events, and nothing else.</summary>
    /// <param name="system">The system.</param>
    /// <returns>Name and key to give to it; the same ones each time.</returns>
    public (string Name, string Key) AllowSystem(string system)
    {
        var name = SystemKeyName(system);
        var key = KeyOf(name);
        Set(
        [
            new BusKey(name, key, BusRights.Send, BusEntities.Requests),
            new BusKey(name, key, BusRights.Listen, BusSetup.RepliesQueue(system)),
            new BusKey(name, key, BusRights.Listen, BusPath.OfSubscription(BusEntities.Events, system)),
        ]);
        return (name, key);
    }

    /// <summary>Why a request is refused.</summary>
    /// <param name="authorization">The header <c>Authorization</c>.</param>
    /// <param name="right">What it wants to do.</param>
    /// <param name="path">Path of the entity.</param>
    /// <returns>The reason, for the log only; null if it is allowed.</returns>
    public string? Refusal(string? authorization, BusRights right, string path)
    {
        if (SharedAccessSignature.Read(authorization) is not { } token)
        {
            return "there is no readable SAS token.";
        }

        if (!_keys.TryGetValue(token.KeyName, out var keys) || !keys.Any(key => token.IsSignedWith(key.Key)))
        {
            return "the key's name is unknown or the signature is not its own.";
        }

        if (token.Expiry <= _time.GetUtcNow())
        {
            return "the token has expired; check the clock of the client.";
        }

        return BusScope.Covers(token.Path, path) && keys.Any(key => token.IsSignedWith(key.Key) && key.Allows(right, path))
            ? null
            : $"the key {token.KeyName} or its token does not allow {right} there.";
    }

    private string KeyOf(string name) => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Root.Key), Encoding.UTF8.GetBytes(name)));

    private static void Write(string path, string key)
    {
        // Aside and renamed: a kill leaves a whole key or none. Owner only from the first byte; Windows folders carry their own rights.
        var aside = path + "." + Guid.NewGuid().ToString("N") + ".new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(aside, options))
        {
            file.Write(Encoding.UTF8.GetBytes(key));
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path);
    }
}
