using System.Collections.Concurrent;
using AppAttach.Listener.Ledger;
using Microsoft.Extensions.Logging;

namespace AppAttach.Listener.Commands;

/// <summary>
/// Makes the machine match the ledger: at start, before the bus is asked for anything, and every time the host says hello.
/// Steps that a crash cut off are undone or finished, mounts that a reboot took are made again, what nobody wants is cleared away.
/// It needs no bus, and for what is still mounted no share.
/// </summary>
/// <param name="machine">The machine.</param>
/// <param name="staging">Stages and destages.</param>
/// <param name="registering">Gives users what they should have, and takes away what they should not.</param>
/// <param name="logger">Is told what was repaired and what could not be.</param>
internal sealed class Convergence(HostMachine machine, PackageStaging staging, PackageRegistering registering, ILogger logger)
{
    // Images that were found replaced: each is said once.
    private readonly ConcurrentDictionary<string, bool> _replaced = new(StringComparer.Ordinal);

    /// <summary>
    /// Goes through the ledger once. A package that fails does not hold up the others, and one that a command works on is left to it.
    /// </summary>
    /// <returns>How many packages could not be brought to where the ledger wants them; they are worth another try.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<PackageRecord> records;
        using (await machine.Gate.EnterAsync(cancellationToken))
        {
            await RebuildLostAsync(cancellationToken);
            machine.Ledger.PublishOffers();
            records = machine.Ledger.Packages;
        }

        // Families at once: a share that hangs holds up its own.
        var failures = await Task.WhenAll(records.GroupBy(record => record.Package.FamilyName, StringComparer.OrdinalIgnoreCase)
            .Select(family => ConvergeFamilyAsync(family.Key, [.. family.Select(record => record.Package.FullName)], cancellationToken)));
        using (await machine.Gate.EnterAsync(cancellationToken))
        {
            await ClearOrphansAsync(cancellationToken);
        }

        return failures.Sum();
    }

    /// <summary>
    /// Reads whole, one after the other, the images of which only samples were compared. One that is another file is unmounted: the next
    /// run refuses it.
    /// </summary>
    public async Task FinishProofsAsync(CancellationToken cancellationToken)
    {
        while (await machine.Proof.FinishNextAsync(cancellationToken) is { } proof)
        {
            if (proof.Failure is { Code: Contracts.ErrorCodes.ImageMismatch } failure)
            {
                Logs.ConvergenceFailed(logger, proof.Image.Path, failure.Code, failure.Message);
                using var stay = await machine.Gate.EnterAsync(cancellationToken);
                await TryAsync(proof.Image.Path, () => machine.Mounter.UnmountAsync(proof.Image.Digest, cancellationToken));
            }
        }
    }

    private async Task<int> ConvergeFamilyAsync(string familyName, IReadOnlyList<string> fullNames, CancellationToken cancellationToken)
    {
        using var lane = machine.Families.TryEnter(familyName);
        var failures = 0;
        foreach (var fullName in lane is null ? [] : fullNames)
        {
            try
            {
                await ConvergeAsync(fullName, cancellationToken);
            }
            catch (CommandFailedException e)
            {
                failures++;
                Logs.ConvergenceFailed(logger, fullName, e.Code, e.Message);
            }
        }

        return failures;
    }

    private async Task ConvergeAsync(string fullName, CancellationToken cancellationToken)
    {
        PackageRecord record;
        using (await machine.Gate.EnterAsync(cancellationToken))
        {
            if (machine.Ledger.FindPackage(fullName) is not { } found || await FinishAsync(found) is not { } left)
            {
                return;
            }

            record = left;
        }

        await staging.EnsureStagedAsync(record, cancellationToken);
        WarnIfReplaced(record);
        using var stay = await machine.Gate.EnterAsync(cancellationToken);
        await registering.ReconcileAsync(machine.Ledger.FindPackage(fullName)!, cancellationToken);
        _ = await staging.DestageIfLeftAsync(machine.Ledger.FindPackage(fullName)!);
    }

    // Ends what a crash cut off. Null when the package is gone by that.
    private async Task<PackageRecord?> FinishAsync(PackageRecord record)
    {
        switch (record.State)
        {
            case PackageState.Staging:
                // Its command was not completed: it comes again and starts afresh.
                Logs.StagingUndone(logger, record.Package.FullName);
                await staging.UndoStagingAsync(record);
                return null;
            case PackageState.Destaging:
                await staging.DestageAsync(record);
                return null;
            case PackageState.Registering or PackageState.Deregistering:
                return machine.Settle(record);
            default:
                return record;
        }
    }

    private void WarnIfReplaced(PackageRecord record)
    {
        if (machine.Proof.IsReplaced(record.Image))
        {
            if (_replaced.TryAdd(record.Image.Digest, value: true))
            {
                Logs.ImageReplaced(logger, record.Image.Path, record.Package.FullName);
            }
        }
        else
        {
            _ = _replaced.TryRemove(record.Image.Digest, out var _);
        }
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
            _ = ManifestCheck.Run(image, name);
            return true;
        }
        catch (CommandFailedException)
        {
            return false;
        }
    }

    private async Task ClearOrphansAsync(CancellationToken cancellationToken)
    {
        var known = machine.Ledger.Packages.SelectMany(record => (record.Resources ?? []).Append(record.Package.FullName)).ToHashSet(StringComparer.Ordinal);
        foreach (var fullName in machine.Registrar.ListStaged().Where(name => !known.Contains(name)))
        {
            Logs.OrphanCleared(logger, fullName);
            await TryAsync(fullName, () =>
            {
                machine.Registrar.Destage(fullName);
                return Task.CompletedTask;
            });
        }

        // A registration whose package is not here points nowhere: its user gets the package again when the pipeline says so.
        foreach (var dangling in machine.Registrar.ListRegistrations().Where(entry => !known.Contains(entry.PackageFullName) && machine.Registrar.IsInReach(entry.User)))
        {
            Logs.OrphanCleared(logger, $"{dangling.PackageFullName} of {dangling.User}");
            await TryAsync(dangling.PackageFullName, () =>
            {
                machine.Registrar.Deregister(dangling.PackageFullName, dangling.User);
                return Task.CompletedTask;
            });
        }

        foreach (var familyName in machine.Registrar.ListProvisioned().Where(name => !machine.IsGivenBySystem(name)))
        {
            Logs.OrphanCleared(logger, familyName);
            await TryAsync(familyName, () =>
            {
                machine.DeprovisionIfLeft(familyName);
                return Task.CompletedTask;
            });
        }

        var wanted = machine.Ledger.Packages.Select(record => record.Image.Digest).ToHashSet();
        machine.Proof.KeepOnly(wanted);
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
