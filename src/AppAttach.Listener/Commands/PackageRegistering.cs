using AppAttach.Contracts;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Registration;
using Microsoft.Extensions.Logging;

namespace AppAttach.Listener.Commands;

/// <summary>
/// The users' half of the four phases: register and deregister, for one package at a time. Users who are in reach get or lose it now;
/// the ledger remembers the others, and they get or lose it when they sign in. The caller is in the family's lane.
/// </summary>
/// <param name="machine">The machine.</param>
/// <param name="staging">Mounts again what should be mounted.</param>
/// <param name="logger">Is told what the system refused and users can do without.</param>
internal sealed class PackageRegistering(HostMachine machine, PackageStaging staging, ILogger logger)
{
    // Families that the system refused to give by itself: it is asked again at the next command or start, not every interval. The gate guards it.
    private readonly HashSet<string> _refused = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Makes a staged package usable by the users and by nobody else, in place of what they have of the same family, when the mode says. Whoever is not
    /// among them loses it after they have it.
    /// </summary>
    /// <exception cref="CommandFailedException">
    /// It is not staged, or a user's registration failed or could not be removed; the users before him have what they should have.
    /// </exception>
    public async Task RegisterAsync(string packageFullName, IReadOnlyList<string> users, RegisterMode mode, CancellationToken cancellationToken)
    {
        var named = users.Select(machine.Registrar.Identify).ToList();
        await staging.EnsureStagedAsync(await FindAsync(packageFullName, cancellationToken), cancellationToken);
        using var stay = await machine.Gate.EnterAsync(cancellationToken);
        var record = machine.Settle(machine.Ledger.FindPackage(packageFullName)!);
        var audience = Audience.Nobody.With(named);
        record = machine.Record(record with { Audience = audience, Mode = mode, IsLeaving = false }, PackageState.Registering);
        TakeOver(record, named);
        _ = _refused.Remove(record.Package.FamilyName);
        try
        {
            SettleProvisioning(record.Package.FamilyName);
            await RegisterNowAsync(record, Getting(record, InReach(audience)), cancellationToken);
            foreach (var user in Leaving(packageFullName, [], audience))
            {
                machine.Registrar.Deregister(packageFullName, user);
            }
        }
        finally
        {
            SettleFamily(record);
        }
    }

    /// <summary>Takes a package away from the users, or from everyone. A user who does not have it is left so.</summary>
    /// <exception cref="CommandFailedException">A user's registration could not be removed; the users before him do not have it any more.</exception>
    public async Task DeregisterAsync(string packageFullName, IReadOnlyList<string> users, CancellationToken cancellationToken)
    {
        var named = users.Select(machine.Registrar.Identify).ToList();
        using var stay = await machine.Gate.EnterAsync(cancellationToken);
        if (machine.Ledger.FindPackage(packageFullName) is { } record)
        {
            await DeregisterAsync(machine.Settle(record), named);
            return;
        }

        foreach (var user in Leaving(packageFullName, named, Audience.Nobody))
        {
            machine.Registrar.Deregister(packageFullName, user);
        }
    }

    /// <summary>
    /// Gives a package to those who are in reach, whom it is kept for and who have no version of it that is kept for them, and takes it from
    /// those it is not kept for: after a crash, and when somebody has signed in. Whoever is to get another version keeps this one until he
    /// has that. The caller holds the gate.
    /// </summary>
    /// <exception cref="CommandFailedException">A user's registration failed.</exception>
    public async Task ReconcileAsync(PackageRecord record, CancellationToken cancellationToken)
    {
        var known = machine.Registrar.ListUsers().ToDictionary(user => user.Name);
        HostUser Describe(string user) => known.GetValueOrDefault(user) ?? new(user, []);
        bool IsKept(PackageRecord other, string user) => other.KeptFor.Has(Describe(user));
        var others = OthersOfFamily(record).Where(other => other.State is not (PackageState.Staging or PackageState.Destaging)).ToList();
        var settled = machine.Registrar.ListRegistrations()
            .Where(entry => entry.PackageFullName == record.Package.FullName
                || others.Any(other => other.Package.FullName == entry.PackageFullName && IsKept(other, entry.User)))
            .Select(entry => entry.User).ToHashSet();
        SettleProvisioning(record.Package.FamilyName);
        var lacking = Getting(record, InReach(record.KeptFor)).Where(user => !settled.Contains(user)).ToList();
        if (lacking.Count > 0)
        {
            await RegisterNowAsync(record, lacking, cancellationToken);
        }

        foreach (var user in machine.RegisteredUsers(record.Package.FullName).Where(machine.Registrar.IsInReach))
        {
            if (!IsKept(record, user) && !others.Any(other => IsKept(other, user)))
            {
                machine.Registrar.Deregister(record.Package.FullName, user);
            }
        }

        SettleFamily(record);
    }

    private async Task<PackageRecord> FindAsync(string packageFullName, CancellationToken cancellationToken)
    {
        using var stay = await machine.Gate.EnterAsync(cancellationToken);
        return machine.Ledger.FindPackage(packageFullName) is { State: not (PackageState.Staging or PackageState.Destaging) } record
            ? record
            : throw new CommandFailedException(
                ErrorCodes.NotStaged, $"Package {packageFullName} is not staged on this host: send a stage command first.");
    }

    private async Task DeregisterAsync(PackageRecord record, IReadOnlyList<string> named)
    {
        var audience = record.KeptFor.Without(named);
        var leaving = Leaving(record.Package.FullName, named, audience);
        if (leaving.Count > 0)
        {
            record = machine.Record(record with { Audience = audience }, PackageState.Deregistering);
        }
        else if (audience != record.KeptFor)
        {
            record = machine.Record(record with { Audience = audience }, record.State);
        }

        try
        {
            machine.DeprovisionIfLeft(record.Package.FamilyName);
            foreach (var user in leaving)
            {
                machine.Registrar.Deregister(record.Package.FullName, user);
            }
        }
        finally
        {
            record = machine.Settle(record);
        }

        _ = await staging.DestageIfLeftAsync(record);
    }

    private async Task RegisterNowAsync(PackageRecord record, IReadOnlyList<string> users, CancellationToken cancellationToken)
    {
        var mounted = await machine.FindMountAsync(record.Image.Digest, cancellationToken)
            ?? throw new CommandFailedException(ErrorCodes.MountFailed, $"Image {record.Image.Path} is not mounted any more: is its share away?");
        foreach (var user in users)
        {
            machine.Registrar.Register(record.At(mounted.MountPoint), user);
        }
    }

    // Those who have it, of the users named or of all, but for those whom it is still kept for; whoever is not in reach loses it when he signs in.
    private List<string> Leaving(string packageFullName, IReadOnlyList<string> named, Audience staying)
    {
        var going = Audience.Nobody.With(named);
        var known = machine.Registrar.ListUsers().ToDictionary(user => user.Name);
        return
        [
            .. machine.RegisteredUsers(packageFullName).Where(machine.Registrar.IsInReach)
                .Select(user => known.GetValueOrDefault(user) ?? new(user, []))
                .Where(user => going.Has(user) && !staying.Has(user))
                .Select(user => user.Name),
        ];
    }

    // Who is there, and on systems where nobody has to be, who is named.
    private IReadOnlyList<string> InReach(Audience audience) =>
    [
        .. machine.Registrar.ListUsers().Where(audience.Has).Select(user => user.Name)
            .Union(audience.IsEveryone ? [] : audience.Users.Where(machine.Registrar.IsInReach)),
    ];

    // What is offered, only those get by themselves who have another version of the family: they have asked for it.
    private IReadOnlyList<string> Getting(PackageRecord record, IReadOnlyList<string> users)
    {
        if (record.Mode != RegisterMode.OnDemand)
        {
            return users;
        }

        var having = machine.Registrar.ListRegistrations().Where(entry => Same(entry.PackageFamilyName, record.Package.FamilyName)).Select(entry => entry.User).ToHashSet();
        return [.. users.Where(having.Contains)];
    }

    // Users get it from the listener when they sign in, whether or not the system gives it too: a refusal is said and not a failure.
    private void SettleProvisioning(string familyName)
    {
        if (!machine.IsGivenBySystem(familyName))
        {
            machine.DeprovisionIfLeft(familyName);
        }
        else if (!_refused.Contains(familyName) && !machine.Registrar.IsProvisioned(familyName))
        {
            try
            {
                machine.Registrar.Provision(familyName);
            }
            catch (CommandFailedException e)
            {
                _ = _refused.Add(familyName);
                Logs.NotProvisioned(logger, familyName, e.Message);
            }
        }
    }

    // A user has one version of a family: the one that was asked for last.
    private void TakeOver(PackageRecord record, IReadOnlyList<string> named)
    {
        foreach (var other in OthersOfFamily(record))
        {
            var left = other.KeptFor.Without(named);
            if (left != other.KeptFor)
            {
                _ = machine.Record(other with { Audience = left }, other.State);
            }
        }
    }

    // The registrations decide: this version has the users it has, and the other versions of the family have lost them.
    private void SettleFamily(PackageRecord changed)
    {
        _ = machine.Settle(changed);
        foreach (var other in OthersOfFamily(changed).Where(other => other.State == PackageState.Registered))
        {
            _ = machine.Settle(other);
        }
    }

    private List<PackageRecord> OthersOfFamily(PackageRecord record) =>
    [
        .. machine.Ledger.Packages.Where(other =>
            other.Package.FullName != record.Package.FullName && Same(other.Package.FamilyName, record.Package.FamilyName)),
    ];

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
