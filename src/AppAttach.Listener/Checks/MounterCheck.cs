using AppAttach.Listener.Mounting;

namespace AppAttach.Listener.Checks;

/// <summary>The mounter that the settings ask for can work here.</summary>
internal sealed class MounterCheck(ListenerOptions options, bool hasManagedMounter) : IListenerCheck
{
    private const string Subject = "mounter";

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken) => Task.FromResult(Look());

    private IReadOnlyList<CheckFinding> Look()
    {
        if (Platform.IsWindows && options.Mounter is MounterKind.Windows or MounterKind.Auto)
        {
            return [new CheckFinding(Subject, IsGood: true, "windows.")];
        }

        if (options.Mounter == MounterKind.Managed)
        {
            return
            [
                hasManagedMounter
                    ? new CheckFinding(Subject, IsGood: true, "managed; no program sees the files of a package.")
                    : new CheckFinding(Subject, IsGood: false, "this program has no managed mounter: use \"appattach listener\", or mounter fuse."),
            ];
        }

        var obstacles = FuseImageMounter.FindObstacles();
        if (obstacles.Count == 0)
        {
            return [new CheckFinding(Subject, IsGood: true, "fuse.")];
        }

        return options.Mounter == MounterKind.Auto && hasManagedMounter
            ? [new CheckFinding(Subject, IsGood: true, $"managed, because: {string.Join(' ', obstacles)}")]
            : [.. obstacles.Select(obstacle => new CheckFinding(Subject, IsGood: false, obstacle))];
    }
}
