using AppAttach.Listener.Mounting;

namespace AppAttach.Listener.Checks;

/// <summary>Every check, in the order in which an operator would look.</summary>
internal static class ListenerChecks
{
    /// <summary>Runs them all, whatever each finds.</summary>
    public static async Task<IReadOnlyList<CheckFinding>> RunAsync(ListenerOptions options, Func<IImageMounter>? managedMounter, CancellationToken cancellationToken)
    {
        IListenerCheck[] checks =
        [
            .. Platform.MakeChecks(options),
            new StateFolderCheck(options), new FreeSpaceCheck(options), new ShareRootsCheck(options), new MounterCheck(options, managedMounter is not null),
            new MachineCheck(options, managedMounter), new BusCheck(options, TimeProvider.System),
        ];
        var findings = new List<CheckFinding>();
        foreach (var check in checks)
        {
            findings.AddRange(await check.RunAsync(cancellationToken));
        }

        return findings;
    }
}
