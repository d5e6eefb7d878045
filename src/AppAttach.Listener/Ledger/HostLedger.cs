using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AppAttach.Listener.Offers;

namespace AppAttach.Listener.Ledger;

/// <summary>
/// What this host has been told and has done, on disk: one file a package, one a command. Each write is on the disk before the
/// call returns, so that an effect begins only after the ledger says that it will. Not safe for use by several threads.
/// </summary>
internal sealed class HostLedger
{
    /// <summary>Number of commands that are remembered; the oldest go first. A repetition of an older one is carried out again.</summary>
    public const int CommandLimit = 1000;

    /// <summary>Name of its folder in the state folder.</summary>
    public const string FolderName = "ledger";

    private const string PackagesFolder = "packages";
    private const string CommandsFolder = "commands";

    private readonly ILedgerStore _store;
    private readonly OfferBook? _offers;
    private readonly Dictionary<string, PackageRecord> _packages = new(StringComparer.Ordinal);
    private readonly List<string> _lostPackages = [];
    private readonly Queue<string> _commandNames;

    /// <summary>Reads the ledger.</summary>
    /// <param name="store">Where its files lie.</param>
    /// <param name="offers">Follows what packages' records say; null: the ledger is only read.</param>
    public HostLedger(ILedgerStore store, OfferBook? offers = null)
    {
        _store = store;
        _offers = offers;
        foreach (var name in store.List(PackagesFolder))
        {
            var record = Parse(store.Read(PackagesFolder, name), LedgerJson.Default.PackageRecord);
            if (record is not null && record.Package.FullName == name && record.State != PackageState.Absent)
            {
                _packages.Add(name, record);
            }
            else
            {
                _lostPackages.Add(name);
            }
        }

        _commandNames = new Queue<string>(store.List(CommandsFolder));
    }

    /// <summary>Every package that is not absent, ordered by full name.</summary>
    public IReadOnlyList<PackageRecord> Packages => [.. _packages.Values.OrderBy(record => record.Package.FullName, StringComparer.Ordinal)];

    /// <summary>Full names of packages whose file was torn or is not ours: what is really mounted decides about them.</summary>
    public IReadOnlyList<string> LostPackages => _lostPackages;

    /// <summary>A package's record, or null when it is absent.</summary>
    public PackageRecord? FindPackage(string fullName) => _packages.GetValueOrDefault(fullName);

    /// <summary>Writes a package's record; <see cref="PackageState.Absent"/> removes it.</summary>
    /// <exception cref="InvalidOperationException">The package may not go from the state it is in to that one.</exception>
    public void Write(PackageRecord record)
    {
        var name = record.Package.FullName;
        var before = _packages.GetValueOrDefault(name)?.State ?? PackageState.Absent;
        if (!PackageTransitions.IsValidTransition(before, record.State))
        {
            throw new InvalidOperationException($"Package {name} is {before} and cannot become {record.State}.");
        }

        if (record.State == PackageState.Absent)
        {
            _store.Delete(PackagesFolder, name);
            _ = _packages.Remove(name);
        }
        else
        {
            _store.Write(PackagesFolder, name, Format(record, LedgerJson.Default.PackageRecord));
            _packages[name] = record;
        }

        _ = _lostPackages.Remove(name);
        PublishOffers();
    }

    /// <summary>Makes what users read say what the packages' records say: a crash may have come between the two.</summary>
    public void PublishOffers() => _offers?.Publish(_packages.Values);

    /// <summary>Drops what is left of a package whose file was lost and which is not mounted either.</summary>
    public void ForgetLost(string fullName)
    {
        _store.Delete(PackagesFolder, fullName);
        _ = _lostPackages.Remove(fullName);
    }

    /// <summary>A command's record, or null when it is not remembered or its file was torn (then it is carried out again).</summary>
    public CommandRecord? FindCommand(string commandId)
    {
        var record = Parse(_store.Read(CommandsFolder, NameOf(commandId)), LedgerJson.Default.CommandRecord);
        return record?.CommandId == commandId ? record : null;
    }

    /// <summary>Writes a command's record, and drops the oldest ones over <see cref="CommandLimit"/>.</summary>
    public void Write(CommandRecord record)
    {
        var name = NameOf(record.CommandId);
        if (_store.Read(CommandsFolder, name) is null)
        {
            _commandNames.Enqueue(name);
        }

        _store.Write(CommandsFolder, name, Format(record, LedgerJson.Default.CommandRecord));
        while (_commandNames.Count > CommandLimit)
        {
            _store.Delete(CommandsFolder, _commandNames.Dequeue());
        }
    }

    // A command's id is any text; its digest is a safe name for a file.
    private static string NameOf(string commandId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(commandId)));

    private static byte[] Format<T>(T record, JsonTypeInfo<T> type)
    {
        var content = JsonSerializer.SerializeToElement(record, type);
        return JsonSerializer.SerializeToUtf8Bytes(new LedgerEntry(Digest(content), content), LedgerJson.Default.LedgerEntry);
    }

    private static T? Parse<T>(byte[]? file, JsonTypeInfo<T> type)
        where T : class
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            var entry = JsonSerializer.Deserialize(file, LedgerJson.Default.LedgerEntry);
            return entry is not null && Digest(entry.Content) == entry.Sha256 ? entry.Content.Deserialize(type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Digest(JsonElement content) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, LedgerJson.Default.JsonElement)));
}
