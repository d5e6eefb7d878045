using System.CommandLine;
using System.Text.Json;

namespace AppAttach.Listener.Settings;

/// <summary>The options of the command line, each of which wins over the same member of <c>listener.json</c>.</summary>
internal sealed class ListenerSettingsSymbols
{
    private readonly Option<string?> _settings = new("--settings") { Description = "Settings file; default: listener.json in the current folder, if there." };
    private readonly Option<string?> _host = new("--host") { Description = "Name of this host; default: the computer's name." };
    private readonly Option<string?> _pool = new("--pool") { Description = "Pool that this host belongs to." };

    private readonly Option<string[]> _alsoIn = new("--also-in")
    {
        Description = "Further pool whose packages this host is to have; may be given several times.", AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _bus = new("--bus") { Description = "Base address of the bus." };
    private readonly Option<string?> _topic = new("--topic") { Description = "Topic of the pool's commands; default: that of a single shard." };
    private readonly Option<IdentityKind?> _identity = new("--identity") { Description = "key, managed (Azure virtual machine) or arc; default: key." };
    private readonly Option<string?> _identityClient = new("--identity-client-id") { Description = "Client id of a user-assigned identity." };
    private readonly Option<string?> _keyName = new("--key-name") { Description = "Name of the bus key." };
    private readonly Option<string?> _keyFile = new("--key-file") { Description = $"File with the bus key, for its owner only; default: {ListenerOptions.KeyVariable}." };
    private readonly Option<string?> _state = new("--state") { Description = "Folder of the listener's state." };
    private readonly Option<string?> _mountRoot = new("--mount-root") { Description = "Folder for mount points; default: mounts in the state folder." };

    private readonly Option<string?> _offers = new("--offers") { Description = "Folder of what users may ask for; default: offers in the state folder." };

    private readonly Option<string[]> _shareRoots = new("--share-root")
    {
        Description = "Folder that images may come from; may be given several times.", AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int?> _helloSeconds = new("--hello-seconds") { Description = "Seconds between two hellos; default: 300." };
    private readonly Option<int?> _receiveSeconds = new("--receive-seconds") { Description = "Seconds that the bus holds a request; default: 55." };
    private readonly Option<int?> _retrySeconds = new("--retry-seconds") { Description = "Seconds that a command is tried again; default: 30." };
    private readonly Option<int?> _parallelImages = new("--parallel-images") { Description = "Images read at once from each share; default: 2." };
    private readonly Option<DigestPolicy?> _digestPolicy = new("--digest-policy") { Description = "full or sampled; default: full." };
    private readonly Option<MounterKind?> _mounter = new("--mounter") { Description = "auto, windows, fuse or managed; default: auto." };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all =
        [
            _settings, _host, _pool, _alsoIn, _bus, _topic, _identity, _identityClient, _keyName, _keyFile, _state, _mountRoot, _offers, _shareRoots, _helloSeconds, _receiveSeconds, _retrySeconds,
            _parallelImages, _digestPolicy, _mounter,
        ];
        foreach (var option in all)
        {
            command.Add(option);
        }
    }

    /// <summary>The settings that the command line and the settings file make together.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="defaultFile">The settings file where the command line names none; null: <c>listener.json</c>, which may be missing.</param>
    /// <returns>The settings, not validated, and why the file cannot be read, if it cannot.</returns>
    public (ListenerOptions Options, IReadOnlyList<string> Findings) Read(ParseResult result, string? defaultFile = null)
    {
        var (file, finding) = ReadFile(result.GetValue(_settings) ?? defaultFile);
        var roots = result.GetValue(_shareRoots) ?? [];
        var options = file with
        {
            Host = result.GetValue(_host) ?? file.Host,
            Pool = result.GetValue(_pool) ?? file.Pool,
            AlsoIn = result.GetValue(_alsoIn) is { Length: > 0 } pools ? pools : file.AlsoIn,
            Bus = result.GetValue(_bus) is { } bus ? (Uri.TryCreate(bus, UriKind.Absolute, out var address) ? address : null) : file.Bus,
            Topic = result.GetValue(_topic) ?? file.Topic,
            Identity = result.GetValue(_identity) ?? file.Identity,
            IdentityClientId = result.GetValue(_identityClient) ?? file.IdentityClientId,
            KeyName = result.GetValue(_keyName) ?? file.KeyName,
            KeyFile = result.GetValue(_keyFile) ?? file.KeyFile,
            StateFolder = FullPath(result.GetValue(_state)) ?? file.StateFolder,
            MountRoot = FullPath(result.GetValue(_mountRoot)) ?? file.MountRoot,
            OffersFolder = FullPath(result.GetValue(_offers)) ?? file.OffersFolder,
            ShareRoots = roots.Length > 0 ? [.. roots.Select(root => FullPath(root)!)] : file.ShareRoots,
            HelloInterval = Seconds(result.GetValue(_helloSeconds)) ?? file.HelloInterval,
            ReceiveTimeout = Seconds(result.GetValue(_receiveSeconds)) ?? file.ReceiveTimeout,
            RetryFor = Seconds(result.GetValue(_retrySeconds)) ?? file.RetryFor,
            ParallelImages = result.GetValue(_parallelImages) ?? file.ParallelImages,
            DigestPolicy = result.GetValue(_digestPolicy) ?? file.DigestPolicy,
            Mounter = result.GetValue(_mounter) ?? file.Mounter,
        };
        return (options, finding is null ? [] : [finding]);
    }

    /// <summary>Reads a settings file.</summary>
    /// <param name="path">The file; null: <c>listener.json</c>, which may be missing.</param>
    internal static (ListenerOptions Options, string? Finding) ReadFile(string? path)
    {
        const string defaultName = "listener.json";
        if (path is null && !File.Exists(defaultName))
        {
            return (new ListenerOptions(), null);
        }

        try
        {
            return (JsonSerializer.Deserialize(File.ReadAllBytes(path ?? defaultName), ListenerOptionsJson.Default.ListenerOptions) ?? new ListenerOptions(), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return (new ListenerOptions(), $"Settings file {path ?? defaultName} cannot be read: {e.Message}");
        }
    }

    private static string? FullPath(string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path);

    private static TimeSpan? Seconds(int? seconds) => seconds is null ? null : TimeSpan.FromSeconds(seconds.Value);
}
