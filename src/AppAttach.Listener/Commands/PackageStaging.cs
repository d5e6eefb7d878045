using AppAttach.Contracts;
using AppAttach.Listener.Ledger;

namespace AppAttach.Listener.Commands;

/// <summary>The machine's half of the four phases: stage and destage, for one package at a time.</summary>
/// <param name="machine">The machine, its gate held by the caller.</param>
internal sealed class PackageStaging(HostMachine machine)
{
    /// <summary>Mounts the image, checks the package inside and makes it known. Once the ledger says Staging, it is not interrupted.</summary>
    /// <exception cref="CommandFailedException">It cannot be; nothing of it is left.</exception>
    public async Task StageAsync(PackageFullName name, ImageReference image, CancellationToken cancellationToken)
    {
        var before = machine.Ledger.FindPackage(name.ToReference().FullName);
        if (before is { State: PackageState.Staged or PackageState.Registered } && before.Image.Digest == image.Digest)
        {
            await EnsureStagedAsync(before, cancellationToken);
            return;
        }

        var proven = await machine.ProveImageAsync(image, cancellationToken);
        if (before is not null)
        {
            // The same full name from another image: the old one must be out of use.
            await DestageAsync(before.Package.FullName);
        }

        var record = new PackageRecord(name.ToReference(), proven, PackageState.Staging, [], machine.Clock.GetUtcNow());
        machine.Ledger.Write(record);
        try
        {
            await MountAndMakeKnownAsync(record);
        }
        catch (CommandFailedException)
        {
            await UndoStagingAsync(record);
            throw;
        }

        _ = machine.Settle(record);
    }

    /// <summary>Makes a package of the ledger mounted and known again where it is not, as after a reboot.</summary>
    /// <exception cref="CommandFailedException">It cannot be now; the ledger still says that it should.</exception>
    public async Task EnsureStagedAsync(PackageRecord record, CancellationToken cancellationToken)
    {
        var mounted = (await machine.Mounter.ListAsync(cancellationToken)).FirstOrDefault(image => image.Image.Digest == record.Image.Digest);
        if (mounted is null)
        {
            _ = await machine.ProveImageAsync(record.Image, cancellationToken);
            await MountAndMakeKnownAsync(record);
        }
        else if (!machine.Registrar.IsStaged(record.At(mounted.MountPoint)))
        {
            machine.Registrar.Stage(record.At(mounted.MountPoint));
        }
    }

    /// <summary>Makes the machine forget a package and unmounts its image. A package that is absent is left so.</summary>
    /// <exception cref="CommandFailedException">A user has it (<c>in-use</c>), or it cannot be unmounted.</exception>
    public async Task DestageAsync(string packageFullName)
    {
        var record = machine.Ledger.FindPackage(packageFullName);
        if (record is null)
        {
            return;
        }

        var users = machine.RegisteredUsers(packageFullName);
        if (users.Count > 0)
        {
            throw new CommandFailedException(
                ErrorCodes.InUse,
                $"Package {packageFullName} is registered for {users.Count} users, {users[0]} among them: deregister it for all of them first.");
        }

        if (record.State == PackageState.Staging)
        {
            await UndoStagingAsync(record);
            return;
        }

        if (record.State != PackageState.Destaging)
        {
            record = machine.Record(machine.Settle(record), PackageState.Destaging);
        }

        await ForgetAsync(record);
    }

    /// <summary>Takes back what a staging that did not end has done.</summary>
    public Task UndoStagingAsync(PackageRecord record) => ForgetAsync(record);

    private async Task MountAndMakeKnownAsync(PackageRecord record)
    {
        var name = PackageFullName.TryParse(record.Package.FullName)
            ?? throw new CommandFailedException(ErrorCodes.CommandRefused, $"\"{record.Package.FullName}\" is not a package full name.");
        var mounted = await machine.Mounter.MountAsync(record.Image, CancellationToken.None);
        ManifestCheck.Run(mounted, name);
        machine.Registrar.Stage(record.At(mounted.MountPoint));
    }

    private async Task ForgetAsync(PackageRecord record)
    {
        machine.Registrar.Destage(record.Package.FullName);
        await machine.UnmountUnlessSharedAsync(record, CancellationToken.None);
        _ = machine.Record(record, PackageState.Absent);
    }
}
