using System.Diagnostics;
using AppAttach.Contracts;
using AppAttach.Embedded.Hosting;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Demo;

/// <summary>The main job in one command: the embedded host, four listeners, packages dropped into the inbox, and a look at what becomes of them.</summary>
internal sealed class DemoRun(DemoRequest request, DemoProgress progress)
{
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private readonly List<DemoListener> _listeners = [];

    /// <summary>Runs the demo.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How it ended.</returns>
    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        if (request.Folder.Exists && request.Folder.EnumerateFileSystemInfos().Any())
        {
            throw new SettingsException($"The folder {request.Folder.FullName} is not empty; the demo wants one of its own.");
        }

        using var folder = new DataFolder(request.Folder.FullName);
        var settings = DemoFleet.Settings with { Policy = request.Policy };
        settings.Save(folder.Path);
        using var log = new FileLog(Path.Combine(folder.Path, "host.log"));
        await using var host = await EmbeddedHost.CreateAsync(folder, settings, "http://127.0.0.1:0", log.Configure);
        await host.StartAsync(cancellationToken);
        var address = host.Urls.Single();
        progress.Say($"The embedded host serves {folder.Path} on {address}.");
        try
        {
            StartListeners(folder, new Uri(address));
            var status = new DemoStatusReader(host.Services.GetRequiredService<ICatalog>());
            await WaitForHostsAsync(status, cancellationToken);
            var drops = await DropAsync(folder, cancellationToken);
            var exitCode = await FollowAsync(status, drops, cancellationToken);
            if (request.Stay)
            {
                progress.Say($"Up until you stop it (Ctrl+C): drop packages onto the page {address} or into {folder.Inbox}, ask with: appattach status --server {address}");
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return exitCode;
        }
        finally
        {
            foreach (var listener in _listeners)
            {
                await listener.DisposeAsync();
            }

            await host.StopAsync(CancellationToken.None);
        }
    }

    private void StartListeners(DataFolder folder, Uri bus)
    {
        foreach (var host in DemoFleet.Settings.Hosts)
        {
            var region = DemoFleet.Settings.Pools.Single(pool => pool.Name == host.Pool).Region;
            _listeners.Add(DemoListener.Start(host, folder, Path.Combine(folder.Shares, region), bus));
        }
    }

    private async Task WaitForHostsAsync(DemoStatusReader status, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var snapshot = await status.ReadAsync(cancellationToken);
            if (snapshot.Hosts.Count == _listeners.Count)
            {
                var mounters = snapshot.Hosts.Select(host => host.Hello.Mounter).Distinct();
                progress.Say($"{_listeners.Count} listeners said hello; they mount images by: {string.Join(", ", mounters)}.");
                return;
            }

            if (_listeners.FirstOrDefault(listener => listener.HasEnded) is { } ended)
            {
                throw new IOException($"The listener of {ended.Host.Name} ended by itself: {await ended.ReadEndOfLogAsync()}");
            }

            if (Stopwatch.GetElapsedTime(started) > HelloTimeout)
            {
                throw new IOException(
                    $"{snapshot.Hosts.Count} of {_listeners.Count} listeners said hello within {HelloTimeout.TotalSeconds} s; see {_listeners[0].LogPath} and its like.");
            }

            await Task.Delay(LookInterval, cancellationToken);
        }
    }

    /// <summary>Puts the packages into the inbox as an admin should: under another name first, then renamed.</summary>
    private async Task<IReadOnlyList<string>> DropAsync(DataFolder folder, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var sources = request.Packages.Select(file => (file.Name, Open: (Func<Stream>)file.OpenRead)).ToList();
        if (sources.Count == 0)
        {
            sources.Add((SamplePackage.FileName, MakeSample));
            progress.Say("No package was given, so the demo makes a sample. It is not signed; only this demo accepts that, and only for the sample.");
        }

        foreach (var (name, open) in sources)
        {
            var path = Path.Combine(folder.Inbox, name);
            await using (var source = open())
            await using (var target = new FileStream(path + ".part", FileMode.CreateNew, FileAccess.Write))
            {
                await source.CopyToAsync(target, cancellationToken);
            }

            File.Move(path + ".part", path);
            names.Add(name);
            progress.Say($"Dropped {name} into the inbox.");
        }

        return names;
    }

    private static MemoryStream MakeSample()
    {
        var sample = new MemoryStream();
        SamplePackage.Write(sample);
        sample.Position = 0;
        return sample;
    }

    /// <summary>Looks until every drop has ended and every rollout it led to has.</summary>
    private async Task<ExitCode> FollowAsync(DemoStatusReader status, IReadOnlyList<string> drops, CancellationToken cancellationToken)
    {
        return await progress.ShowAsync(async show =>
        {
            while (true)
            {
                var snapshot = await status.ReadAsync(cancellationToken);
                show(snapshot);
                var verdict = new DemoVerdict(snapshot, drops, DemoFleet.Settings.Pools.Count);
                if (verdict.IsOver)
                {
                    foreach (var sentence in verdict.Sentences(_listeners))
                    {
                        progress.Say(sentence);
                    }

                    return verdict.ExitCode;
                }

                await Task.Delay(LookInterval, cancellationToken);
            }
        });
    }
}
