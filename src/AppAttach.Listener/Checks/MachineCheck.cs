using AppAttach.Listener.Commands;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Mounting;

namespace AppAttach.Listener.Checks;

/// <summary>The machine is where the ledger wants it: what is mounted, staged and registered, and what is of no use any more.</summary>
internal sealed class MachineCheck(ListenerOptions options, Func<IImageMounter>? managedMounter) : IListenerCheck
{
    private const string Repair = "Run 'appattach-listener repair'; a listener that runs does it by itself within its hello interval.";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken)
    {
        const string subject = "packages";
        try
        {
            using var machine = ListenerHost.MakeMachine(options, MounterChoice.Make(options, managedMounter), TimeProvider.System);
            var findings = await LookAsync(machine, cancellationToken);
            return findings.Count > 0 ? findings : [new CheckFinding(subject, IsGood: true, $"{machine.Ledger.Packages.Count} staged, all as the ledger has them.")];
        }
        catch (Exception e) when (e is CommandFailedException or IOException or UnauthorizedAccessException)
        {
            return [new CheckFinding(subject, IsGood: false, $"they cannot be looked at: {e.Message}")];
        }
    }

    /// <summary>What is amiss on a machine.</summary>
    internal static async Task<IReadOnlyList<CheckFinding>> LookAsync(HostMachine machine, CancellationToken cancellationToken)
    {
        var mounted = await machine.Mounter.ListAsync(cancellationToken);
        var records = machine.Ledger.Packages;
        var known = records.SelectMany(record => (record.Resources ?? []).Append(record.Package.FullName)).ToHashSet(StringComparer.Ordinal);
        var digests = records.Select(record => record.Image.Digest).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. machine.Ledger.LostPackages.Select(name => Bad(name, "its file in the ledger is torn.")),
            .. records.Select(record => Look(machine, record, mounted)).OfType<CheckFinding>(),
            .. records.Select(record => LookForFrameworks(machine, record, mounted)).OfType<CheckFinding>(),
            .. records.Where(record => machine.Proof.IsReplaced(record.Image))
                .Select(record => new CheckFinding(record.Package.FullName, IsGood: false, $"another file has taken the place of its image {record.Image.Path}. Copy the image there again.")),
            .. mounted.Where(image => !digests.Contains(image.Image.Digest)).Select(image => Bad(image.Image.Path, "it is mounted for no package.")),
            .. machine.Registrar.ListStaged().Where(name => !known.Contains(name)).Select(name => Bad(name, "it is staged, and the ledger does not know it.")),
            .. machine.Registrar.ListRegistrations().Where(entry => !known.Contains(entry.PackageFullName))
                .Select(entry => Bad(entry.PackageFullName, $"user {entry.User} has it, and it is not here.")),
            .. records.Where(record => record.IsGivenBySystem && !machine.Registrar.IsProvisioned(record.Package.FamilyName)).Select(record => new CheckFinding(
                record.Package.FullName,
                IsGood: false,
                "the system does not give it to users by itself, as mode \"now\" asks; they get it from the listener when they sign in. The log has the reason; or assign it with mode \"logon\".")),
        ];
    }

    private static CheckFinding? Look(HostMachine machine, PackageRecord record, IReadOnlyList<IMountedImage> mounted) =>
        record.State is not (PackageState.Staged or PackageState.Registered) ? Bad(record.Package.FullName, $"it is {record.State}: a command is being carried out, or was cut off.")
        : mounted.FirstOrDefault(image => image.Image.Digest == record.Image.Digest) is not { } mount ? Bad(record.Package.FullName, $"its image {record.Image.Path} is not mounted.")
        : !record.AllAt(mount.MountPoint).All(machine.Registrar.IsStaged) ? Bad(record.Package.FullName, "it is mounted and not staged.")
        : null;

    // They were there when it was staged; without them its apps do not start, and nobody gets it any more.
    private static CheckFinding? LookForFrameworks(HostMachine machine, PackageRecord record, IReadOnlyList<IMountedImage> mounted)
    {
        if (mounted.FirstOrDefault(image => image.Image.Digest == record.Image.Digest) is not { } image || PackageFullName.TryParse(record.Package.FullName) is not { } name)
        {
            return null;
        }

        try
        {
            DependencyCheck.Run(name, ManifestCheck.Run(image, name).Dependencies, machine.Registrar.ListFrameworks());
            return null;
        }
        catch (CommandFailedException e)
        {
            return new CheckFinding(record.Package.FullName, IsGood: false, e.Message);
        }
    }

    private static CheckFinding Bad(string subject, string text) => new(subject, IsGood: false, $"{text} {Repair}");
}
