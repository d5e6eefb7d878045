using System.Text.Json.Serialization;
using AppAttach.Contracts;

namespace AppAttach.Listener;

/// <summary>Settings of one listener: what the command line says, else what <c>listener.json</c> says, else what stands here.</summary>
public sealed record ListenerOptions
{
    /// <summary>Name of the environment variable that may hold the bus key.</summary>
    public const string KeyVariable = "APPATTACH_BUS_KEY";

    /// <summary>Name of this host: 1 to 50 letters, digits, <c>-</c>, <c>.</c> and <c>_</c>. Its subscription has the same name.</summary>
    public string Host { get; init; } = Environment.MachineName;

    /// <summary>The pool it belongs to.</summary>
    public string Pool { get; init; } = "";

    /// <summary>Further pools whose packages it is to have too; where several have a family, it comes from its own, or the first of these.</summary>
    public IReadOnlyList<string> AlsoIn { get; init; } = [];

    /// <summary>Base address of the bus: <c>https://NAMESPACE.servicebus.windows.net/</c>, or the embedded host's.</summary>
    public Uri? Bus { get; init; }

    /// <summary>Topic of the pool's commands; null: the one that the pool has when there is a single shard.</summary>
    public string? Topic { get; init; }

    /// <summary>What proves to the bus who the listener is.</summary>
    public IdentityKind Identity { get; init; } = IdentityKind.Key;

    /// <summary>Client id of the user-assigned identity; null: the machine's own, or its only one.</summary>
    public string? IdentityClientId { get; init; }

    /// <summary>Name of the bus key.</summary>
    public string KeyName { get; init; } = "";

    /// <summary>File with the bus key and nothing else, readable by its owner only; null: the environment has the key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Folder of the ledger and, on Linux, of links and registrations. No other listener uses it.</summary>
    public string StateFolder { get; init; } = "";

    /// <summary>Folder for mount points; null: <c>mounts</c> in the state folder.</summary>
    public string? MountRoot { get; init; }

    /// <summary>Folder of the document from which users learn what is offered to them; null: <c>offers</c> in the state folder.</summary>
    public string? OffersFolder { get; init; }

    /// <summary>Folders that images may come from: absolute paths or UNC paths.</summary>
    public IReadOnlyList<string> ShareRoots { get; init; } = [];

    /// <summary>How often the host says hello when nothing changes, and how often mounts are looked after: 1 s to 1 day.</summary>
    public TimeSpan HelloInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the bus holds a request for a message: 1 to 60 s.</summary>
    public TimeSpan ReceiveTimeout { get; init; } = TimeSpan.FromSeconds(55);

    /// <summary>How long a command is tried again while its share is away: 0 to 1 h. Other commands for the same package family wait for it.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How image files are proven.</summary>
    public DigestPolicy DigestPolicy { get; init; } = DigestPolicy.Full;

    /// <summary>How many images are read at once from each share, before they are mounted: 1 to 16. Mounting itself is one at a time.</summary>
    public int ParallelImages { get; init; } = 2;

    /// <summary>Which mounter is used.</summary>
    public MounterKind Mounter { get; init; } = MounterKind.Auto;

    /// <summary>The topic to listen to.</summary>
    [JsonIgnore]
    public string TopicOrDefault => Topic ?? BusEntities.HostCommandsTopic(Pool);

    /// <summary>The folder for mount points.</summary>
    [JsonIgnore]
    public string MountRootOrDefault => MountRoot ?? Path.Combine(StateFolder, "mounts");

    /// <summary>The folder of the offers.</summary>
    [JsonIgnore]
    public string OffersFolderOrDefault => OffersFolder ?? Path.Combine(StateFolder, OffersFolderName);

    /// <summary>Name of the offers' folder in the state folder.</summary>
    internal const string OffersFolderName = "offers";

    /// <summary>The bus's address with a slash at its end, so that entity names go below it.</summary>
    [JsonIgnore]
    internal Uri BusBase => Bus!.AbsoluteUri.EndsWith('/') ? Bus : new Uri(Bus.AbsoluteUri + "/");

    /// <summary>Everything that is wrong with these settings.</summary>
    /// <returns>A sentence for each; empty when the listener can start with them.</returns>
    public IReadOnlyList<string> Validate() => Settings.ListenerOptionsValidator.Validate(this);
}
