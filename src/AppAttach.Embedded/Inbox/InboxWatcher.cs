using System.Threading.Channels;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Inbox;

/// <summary>
/// Notices packages in the inbox once they are complete: size and time have stood still for a while and nobody has the file open
/// for writing (as far as the system tells). The way to be safe from half-written files is the same as anywhere: copy under another
/// extension, then rename.
/// </summary>
internal sealed class InboxWatcher(FolderInbox inbox, PackageDropHandler drops, TimeProvider clock, ILogger<InboxWatcher> logger) : BackgroundService
{
    /// <summary>How long a file that ends as a ZIP archive does must stand still.</summary>
    internal static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    /// <summary>How long any other file must stand still: it may be half-written, by a slow copy.</summary>
    internal static readonly TimeSpan UnfinishedSettleTime = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of the ZIP end record, with which a package ends (APPNOTE 4.3.16, without a comment).</summary>
    private const int EndRecordSize = 22;

    private readonly Channel<string> _changed = Channel.CreateUnbounded<string>();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watcher = new FileSystemWatcher(inbox.Folder)
        {
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.Size | NotifyFilters.LastWrite,
        };
        watcher.Created += (_, change) => Notice(change.Name);
        watcher.Changed += (_, change) => Notice(change.Name);
        watcher.Renamed += (_, change) => Notice(change.Name);
        watcher.Error += (_, _) => NoticeAll();
        watcher.EnableRaisingEvents = true;
        NoticeAll();

        var waiting = new Dictionary<string, (PackageDrop Drop, long Since)>(StringComparer.Ordinal);
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitAsync(waiting.Count > 0, stoppingToken);
            while (_changed.Reader.TryRead(out var name))
            {
                if (inbox.Describe(name) is { } drop)
                {
                    waiting[name] = (drop, clock.GetTimestamp());
                }
            }

            foreach (var (name, (drop, since)) in waiting.ToList())
            {
                await SettleAsync(waiting, name, drop, since, stoppingToken);
            }
        }
    }

    private static bool LooksComplete(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            if (file.Length < EndRecordSize)
            {
                return false;
            }

            Span<byte> end = stackalloc byte[EndRecordSize];
            file.Seek(-EndRecordSize, SeekOrigin.End);
            file.ReadExactly(end);
            return end[..4].SequenceEqual("PK\u0005\u0006"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Notice(string? name)
    {
        if (name is not null && PackageDropHandler.IsPackageName(name))
        {
            _changed.Writer.TryWrite(name);
        }
    }

    private void NoticeAll()
    {
        foreach (var path in Directory.EnumerateFiles(inbox.Folder))
        {
            Notice(Path.GetFileName(path));
        }
    }

    /// <summary>Sleeps until something changes, or for a moment while files are settling.</summary>
    private async Task WaitAsync(bool isSettling, CancellationToken stoppingToken)
    {
        if (!isSettling)
        {
            await _changed.Reader.WaitToReadAsync(stoppingToken);
            return;
        }

        await Task.Delay(SettleTime / 4, clock, stoppingToken);
    }

    private async Task SettleAsync(
        Dictionary<string, (PackageDrop Drop, long Since)> waiting,
        string name,
        PackageDrop drop,
        long since,
        CancellationToken stoppingToken)
    {
        var now = inbox.Describe(name);
        if (now is null)
        {
            waiting.Remove(name);
        }
        else if (now != drop)
        {
            waiting[name] = (now, clock.GetTimestamp());
        }
        else
        {
            var still = clock.GetElapsedTime(since);
            if (still >= UnfinishedSettleTime || (still >= SettleTime && LooksComplete(Path.Combine(inbox.Folder, name))))
            {
                waiting.Remove(name);
                logger.PackageNoticed(name, drop.SizeBytes, await drops.HandleAsync(drop, stoppingToken));
            }
        }
    }
}
