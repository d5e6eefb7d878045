using AppAttach.Contracts;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Mounting;

namespace AppAttach.Listener.Commands;

/// <summary>The machine's half of the four phases: stage and destage, for one package at a time. The caller is in the family's lane.</summary>
/// <param name="machine">The machine.</param>
internal sealed class PackageStaging(HostMachine machine)
{
    /// <summary>
    /// Mounts the image, checks the package inside and makes it known, and its resource packages with it. Once the ledger says Staging,
    /// it is not interrupted.
    /// </summary>
    /// <exception cref="CommandFailedException">It cannot be; nothing of it is left.</exception>
    public async Task StageAsync(PackageFullName name, ImageReference image, CancellationToken cancellationToken)
    {
        if (await FindStagedAsync(name, image.Digest, cancellationToken) is { } same)
        {
            await EnsureStagedAsync(same, cancellationToken);
            return;
        }

        var proven = await machine.ProveImageAsync(image, cancellationToken);
        using var stay = await machine.Gate.EnterAsync(cancellationToken);
        if (machine.Ledger.FindPackage(name.ToReference().FullName) is { } before)
        {
            // The same full name from another image: the old one must be out of use.
            await DestageAsync(before);
        }

        var record = new PackageRecord(name.ToReference(), proven, PackageState.Staging, [], machine.Clock.GetUtcNow());
        machine.Ledger.Write(record);
        try
        {
            record = await MountAndMakeKnownAsync(record);
        }
        catch (CommandFailedException)
        {
            await ForgetAsync(machine.Ledger.FindPackage(record.Package.FullName) ?? record);
            throw;
        }

        _ = machine.Settle(record);
    }

    /// <summary>Makes a package of the ledger mounted and known again where it is not, as after a reboot.</summary>
    /// <exception cref="CommandFailedException">It cannot be now; the ledger still says that it should.</exception>
    public async Task EnsureStagedAsync(PackageRecord record, CancellationToken cancellationToken)
    {
        using (await machine.Gate.EnterAsync(cancellationToken))
        {
            if (await machine.FindMountAsync(record.Image.Digest, cancellationToken) is { } mounted)
            {
                MakeKnown(record, mounted);
                return;
            }
        }

        _ = await machine.ProveImageAsync(record.Image, cancellationToken);
        using var stay = await machine.Gate.EnterAsync(cancellationToken);
        _ = await MountAndMakeKnownAsync(record);
    }

    /// <summary>Makes the machine forget a package and unmounts its image. A package that is absent is left so.</summary>
    /// <exception cref="CommandFailedException">A user has it (<c>in-use</c>): it goes when the last one has lost it. Or it cannot be unmounted.</exception>
    public async Task DestageAsync(string packageFullName, CancellationToken cancellationToken)
    {
        using var stay = await machine.Gate.EnterAsync(cancellationToken);
        if (machine.Ledger.FindPackage(packageFullName) is not { } record)
        {
            return;
        }

        var users = machine.RegisteredUsers(packageFullName);
        if (users.Count > 0)
        {
            if (record.State is PackageState.Staged or PackageState.Registered)
            {
                // Those who have it keep it until they are told otherwise; nobody gets it any more.
                record = machine.Settle(record);
                _ = machine.Record(record with { IsLeaving = true, Audience = new Audience(IsEveryone: false, record.Users) }, record.State);
            }

            throw InUse(packageFullName, users);
        }

        await DestageAsync(record);
    }

    /// <summary>Destages a package that was in use when it was to go, if it is not any more. The caller holds the gate.</summary>
    /// <returns>Whether it is gone.</returns>
    /// <exception cref="CommandFailedException">It cannot be unmounted.</exception>
    public async Task<bool> DestageIfLeftAsync(PackageRecord record)
    {
        if (!record.IsLeaving || record.State != PackageState.Staged || machine.RegisteredUsers(record.Package.FullName).Count > 0)
        {
            return false;
        }

        await DestageAsync(record);
        return true;
    }

    /// <summary>Takes back what a staging that did not end has done. The caller holds the gate.</summary>
    /// <exception cref="CommandFailedException">It cannot be unmounted.</exception>
    public Task UndoStagingAsync(PackageRecord record) => ForgetAsync(record);

    /// <summary>Finishes a destaging that was cut off. The caller holds the gate.</summary>
    /// <exception cref="CommandFailedException">It cannot be unmounted.</exception>
    public async Task DestageAsync(PackageRecord record)
    {
        var users = machine.RegisteredUsers(record.Package.FullName);
        if (users.Count > 0)
        {
            throw InUse(record.Package.FullName, users);
        }

        if (record.State is not (PackageState.Staging or PackageState.Destaging))
        {
            record = machine.Record(machine.Settle(record), PackageState.Destaging);
        }

        machine.DeprovisionIfLeft(record.Package.FamilyName);
        await ForgetAsync(record);
    }

    private static CommandFailedException InUse(string packageFullName, IReadOnlyList<string> users) => new(
        ErrorCodes.InUse,
        $"Package {packageFullName} is registered for {users.Count} users, {users[0]} among them: it goes when the last of them has lost it; deregister it for all of them.");

    private async Task<PackageRecord?> FindStagedAsync(PackageFullName name, string digest, CancellationToken cancellationToken)
    {
        using var stay = await machine.Gate.EnterAsync(cancellationToken);
        var record = machine.Ledger.FindPackage(name.ToReference().FullName);
        if (record is not { State: PackageState.Staged or PackageState.Registered } || record.Image.Digest != digest)
        {
            return null;
        }

        return record.IsLeaving ? machine.Record(record with { IsLeaving = false }, record.State) : record;
    }

    private async Task<PackageRecord> MountAndMakeKnownAsync(PackageRecord record)
    {
        var name = PackageFullName.TryParse(record.Package.FullName)
            ?? throw new CommandFailedException(ErrorCodes.CommandRefused, $"\"{record.Package.FullName}\" is not a package full name.");
        var mounted = await machine.Mounter.MountAsync(record.Image, CancellationToken.None);
        var manifest = ManifestCheck.Run(mounted, name);
        DependencyCheck.Run(name, manifest.Dependencies, machine.Registrar.ListFrameworks());
        var resources = FindResources(mounted, name);
        if (!resources.SequenceEqual(record.Resources ?? []) || manifest.DisplayName != record.DisplayName)
        {
            record = machine.Record(record with { Resources = resources, DisplayName = manifest.DisplayName }, record.State);
        }

        MakeKnown(record, mounted);
        return record;
    }

    // Of a bundle, the image holds the packages of languages and scales beside the application's.
    private static List<string> FindResources(IMountedImage mounted, PackageFullName main)
    {
        var resources = mounted.ListFolders(mounted.Image.RootFolder.Replace('\\', '/')).Select(PackageFullName.TryParse).OfType<PackageFullName>()
            .Where(other => other.IsResourceOf(main)).OrderBy(other => other.ResourceId, StringComparer.Ordinal).ToList();
        foreach (var resource in resources)
        {
            _ = ManifestCheck.Run(mounted, resource);
        }

        return [.. resources.Select(resource => resource.ToReference().FullName)];
    }

    private void MakeKnown(PackageRecord record, IMountedImage mounted)
    {
        foreach (var package in record.AllAt(mounted.MountPoint).Where(package => !machine.Registrar.IsStaged(package)))
        {
            machine.Registrar.Stage(package);
        }
    }

    private async Task ForgetAsync(PackageRecord record)
    {
        foreach (var package in record.AllAt(mountPoint: null).Reverse())
        {
            machine.Registrar.Destage(package.Package.FullName);
        }

        await machine.UnmountUnlessSharedAsync(record, CancellationToken.None);
        _ = machine.Record(record, PackageState.Absent);
    }
}
