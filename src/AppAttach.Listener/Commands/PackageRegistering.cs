using AppAttach.Contracts;
using AppAttach.Listener.Ledger;

namespace AppAttach.Listener.Commands;

/// <summary>The users' half of the four phases: register and deregister, for one package at a time.</summary>
/// <param name="machine">The machine, its gate held by the caller.</param>
/// <param name="staging">Mounts again what should be mounted.</param>
internal sealed class PackageRegistering(HostMachine machine, PackageStaging staging)
{
    /// <summary>Makes a staged package usable by the users, in place of what they have of the same family.</summary>
    /// <exception cref="CommandFailedException">It is not staged, or a user's registration failed; the users before him have it.</exception>
    public async Task RegisterAsync(string packageFullName, IReadOnlyList<string> users, CancellationToken cancellationToken)
    {
        var record = machine.Ledger.FindPackage(packageFullName);
        if (record is null or { State: PackageState.Staging or PackageState.Destaging })
        {
            throw new CommandFailedException(
                ErrorCodes.NotStaged, $"Package {packageFullName} is not staged on this host: send a stage command first.");
        }

        await staging.EnsureStagedAsync(record, cancellationToken);
        var mounted = (await machine.Mounter.ListAsync(cancellationToken)).First(image => image.Image.Digest == record.Image.Digest);
        record = machine.Record(machine.Settle(record), PackageState.Registering);
        try
        {
            foreach (var user in users.Count > 0 ? users : machine.Registrar.ListUsers())
            {
                machine.Registrar.Register(record.At(mounted.MountPoint), user);
            }
        }
        catch (CommandFailedException)
        {
            SettleFamily(record);
            throw;
        }

        SettleFamily(record);
    }

    /// <summary>Takes a package away from the users, or from everyone. A user who does not have it is left so.</summary>
    /// <exception cref="CommandFailedException">A user's registration could not be removed; the users before him do not have it any more.</exception>
    public void Deregister(string packageFullName, IReadOnlyList<string> users)
    {
        var holders = machine.RegisteredUsers(packageFullName);
        var leaving = users.Count > 0 ? holders.Intersect(users).ToList() : holders;
        if (leaving.Count == 0)
        {
            return;
        }

        var record = machine.Ledger.FindPackage(packageFullName);
        if (record is not null)
        {
            record = machine.Record(machine.Settle(record), PackageState.Deregistering);
        }

        try
        {
            foreach (var user in leaving)
            {
                machine.Registrar.Deregister(packageFullName, user);
            }
        }
        catch (CommandFailedException) when (record is not null)
        {
            _ = machine.Settle(record);
            throw;
        }

        if (record is not null)
        {
            _ = machine.Settle(record);
        }
    }

    // The registrations decide: this version has the users it has, and the other versions of the family have lost them.
    private void SettleFamily(PackageRecord changed)
    {
        _ = machine.Settle(changed);
        foreach (var other in machine.Ledger.Packages.Where(other => other.State == PackageState.Registered && other.Package.FamilyName == changed.Package.FamilyName))
        {
            _ = machine.Settle(other);
        }
    }
}
