using AppAttach.Listener.Ledger;
using Microsoft.Extensions.Logging;

namespace AppAttach.Listener.Commands;

/// <summary>
/// Makes the machine match the ledger: at start, before the bus is asked for anything, and every time the host says hello.
/// Steps that a crash cut off are undone or finished, mounts that a reboot took are made again, what nobody wants is cleared away.
/// It needs no bus, and for what is still mounted no share.
/// </summary>
/// <param name="machine">The machine, its gate held by the caller.</param>
/// <param name="staging">Stages and destages.</param>
/// <param name="logger">Is told what was repaired and what could not be.</param>
internal sealed class Convergence(HostMachine machine, PackageStaging staging, ILogger logger)
{
    /// <summary>Goes through the ledger once. A package that fails does not hold up the others.</summary>
    /// <returns>How many packages could not be brought to where the ledger wants them; they are worth another try.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await RebuildLostAsync(cancellationToken);
        var failures = 0;
        foreach (var record in machine.Ledger.Packages)
        {
            try
            {
                await ConvergeAsync(record, cancellationToken);
            }
            catch (CommandFailedException e)
            {
                failures++;
                Logs.ConvergenceFailed(logger, record.Package.FullName, e.Code, e.Message);
            }
        }

        await ClearOrphansAsync(cancellationToken);
        return failures;
    }

    private async Task ConvergeAsync(PackageRecord record, CancellationToken cancellationToken)
    {
        switch (record.State)
        {
            case PackageState.Staging:
                // Its command was not completed: it comes again and starts afresh.
                Logs.StagingUndone(logger, record.Package.FullName);
                await staging.UndoStagingAsync(record);
                return;
            case PackageState.Destaging:
                await staging.DestageAsync(record.Package.FullName);
                return;
            case PackageState.Registering or PackageState.Deregistering:
                record = machine.Settle(record);
                break;
            default:
                break;
        }

        await staging.EnsureStagedAsync(record, cancellationToken);
        await RestoreRegistrationsAsync(record, cancellationToken);
    }

    // Users whom the ledger names and who have lost their registration get it back; one who has another version of the family keeps that.
    private async Task RestoreRegistrationsAsync(PackageRecord record, CancellationToken cancellationToken)
    {
        var registrations = machine.Registrar.ListRegistrations();
        var lost = record.Users
            .Where(user => !registrations.Any(entry => entry.User == user && entry.PackageFamilyName == record.Package.FamilyName)).ToList();
        if (lost.Count > 0)
        {
            var mounted = (await machine.Mounter.ListAsync(cancellationToken)).First(image => image.Image.Digest == record.Image.Digest);
            foreach (var user in lost)
            {
                machine.Registrar.Register(record.At(mounted.MountPoint), user);
            }
        }

        _ = machine.Settle(record);
    }

    // A torn file of the ledger: the link leads to the mount, and the mount knows its image. Without them the package is gone from
    // here; the next hello says so, and the pipeline stages it again.
    private async Task RebuildLostAsync(CancellationToken cancellationToken)
    {
        if (machine.Ledger.LostPackages.Count == 0)
        {
            return;
        }

        var mounted = await machine.Mounter.ListAsync(cancellationToken);
        foreach (var fullName in machine.Ledger.LostPackages.ToList())
        {
            var rebuilt = PackageFullName.TryParse(fullName) is not { } name ? null : mounted
                .Select(image => new PackageRecord(name.ToReference(), image.Image, PackageState.Staged, [], machine.Clock.GetUtcNow()))
                .FirstOrDefault(record => machine.Registrar.IsStaged(record.At(mounted.First(image => image.Image == record.Image).MountPoint))
                    && Holds(mounted.First(image => image.Image == record.Image), name));
            if (rebuilt is null)
            {
                Logs.PackageLost(logger, fullName);
                machine.Ledger.ForgetLost(fullName);
            }
            else
            {
                Logs.PackageRebuilt(logger, fullName, rebuilt.Image.Path);
                machine.Ledger.Write(rebuilt);
                _ = machine.Settle(rebuilt);
            }
        }
    }

    private static bool Holds(Mounting.IMountedImage image, PackageFullName name)
    {
        try
        {
            ManifestCheck.Run(image, name);
            return true;
        }
        catch (CommandFailedException)
        {
            return false;
        }
    }

    private async Task ClearOrphansAsync(CancellationToken cancellationToken)
    {
        foreach (var fullName in machine.Registrar.ListStaged().Where(name => machine.Ledger.FindPackage(name) is null))
        {
            Logs.OrphanCleared(logger, fullName);
            await TryAsync(fullName, () =>
            {
                machine.Registrar.Destage(fullName);
                return Task.CompletedTask;
            });
        }

        var wanted = machine.Ledger.Packages.Select(record => record.Image.Digest).ToHashSet();
        foreach (var image in (await machine.Mounter.ListAsync(cancellationToken)).Where(image => !wanted.Contains(image.Image.Digest)))
        {
            Logs.OrphanCleared(logger, image.Image.Path);
            await TryAsync(image.Image.Path, () => machine.Mounter.UnmountAsync(image.Image.Digest, cancellationToken));
        }
    }

    private async Task TryAsync(string subject, Func<Task> effect)
    {
        try
        {
            await effect();
        }
        catch (CommandFailedException e)
        {
            Logs.ConvergenceFailed(logger, subject, e.Code, e.Message);
        }
    }
}
