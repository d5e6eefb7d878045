using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Planning;

/// <summary>
/// The way from what a host has to what it should have, as far as the next step goes: each command's ground is in the host's own
/// words, and its next hello brings the step after. So nothing is taken from users before something is there in its place, and a
/// release is destaged only when the host itself says that nobody has it.
/// </summary>
public static class HostDifference
{
    /// <summary>What to tell a host.</summary>
    /// <param name="hello">What it says of itself and of what it has.</param>
    /// <param name="plans">What its pools should have, in its order.</param>
    /// <param name="former">Families of pools that it belonged to; what it has of them is taken away unless a pool of its has them too.</param>
    /// <param name="isAcknowledged">Whether the host has said that it registered a package for these users, and nothing speaks against it.</param>
    /// <returns>The commands, in their order; empty: there is nothing to do.</returns>
    public static IReadOnlyList<NeededCommand> Of(
        HostHello hello,
        IReadOnlyList<PoolPlan> plans,
        IReadOnlySet<string> former,
        Func<string, IReadOnlyList<string>, bool> isAcknowledged)
    {
        var needed = new List<NeededCommand>();
        foreach (var wanted in HostPlan.Of(hello.Host, plans).Where(wanted => !wanted.IsInMotion))
        {
            Add(needed, wanted, hello, isAcknowledged);
        }

        foreach (var family in former.Where(family => plans.All(plan => plan.Find(family) is null)))
        {
            Add(needed, new WantedApp(new AppPlan(family), null, [], IsInMotion: false), hello, isAcknowledged);
        }

        return needed;
    }

    /// <summary>Reads a package's names from its full name, as a host gives it.</summary>
    /// <param name="fullName"><c>Name_Version_Architecture_ResourceId_PublisherId</c>.</param>
    /// <returns>The names; null: it is no full name.</returns>
    public static PackageReference? Parse(string fullName)
    {
        var parts = fullName.Split('_');
        return parts.Length == 5 && parts[0].Length > 0 && parts[4].Length > 0 && Version.TryParse(parts[1], out _)
            ? new PackageReference(fullName, $"{parts[0]}_{parts[4]}", parts[1], parts[2])
            : null;
    }

    private static void Add(
        List<NeededCommand> needed, WantedApp wanted, HostHello hello, Func<string, IReadOnlyList<string>, bool> isAcknowledged)
    {
        var app = wanted.App;
        var there = hello.Inventory
            .Select(item => (Item: item, Package: Parse(item.PackageFullName)))
            .Where(pair => pair.Package is { } package && string.Equals(package.FamilyName, app.Family, StringComparison.OrdinalIgnoreCase))
            .Select(pair => (pair.Item, Package: pair.Package!))
            .ToList();

        foreach (var release in wanted.Staged)
        {
            if (!there.Exists(pair => IsStaged(pair.Item, release)))
            {
                needed.Add(new NeededCommand(CommandKind.Stage, release.Package, release.Image, [], null) { Needs = release.Needs });
            }
        }

        var isRegistered = true;
        if (wanted.Registered is { } registered)
        {
            var item = there.Find(pair => IsStaged(pair.Item, registered)).Item;
            isRegistered = item is not null && IsRegistered(hello, item, app, isAcknowledged);

            // Newer ones first go away: Windows does not register an older version over a newer one.
            needed.AddRange(there
                .Where(pair => pair.Package.FullName != registered.Package.FullName && HasUsers(pair.Item) && item is not null
                    && (isRegistered || Version.Parse(pair.Package.Version) >= Version.Parse(registered.Package.Version)))
                .Select(pair => new NeededCommand(CommandKind.Deregister, pair.Package, null, [], null)));
            if (item is not null && !isRegistered)
            {
                needed.Add(new NeededCommand(CommandKind.Register, registered.Package, null, app.Users, app.Mode));
            }
        }
        else
        {
            needed.AddRange(there
                .Where(pair => HasUsers(pair.Item))
                .Select(pair => new NeededCommand(CommandKind.Deregister, pair.Package, null, [], null)));
        }

        if (isRegistered)
        {
            needed.AddRange(there
                .Where(pair => !HasUsers(pair.Item) && !wanted.Staged.Any(release => release.Package.FullName == pair.Package.FullName))
                .Select(pair => new NeededCommand(CommandKind.Destage, pair.Package, null, [], null)));
        }
    }

    private static bool IsStaged(InventoryItem item, PlannedRelease release) =>
        item.IsMounted && item.PackageFullName == release.Package.FullName && item.ImageDigest == release.Image.Digest;

    /// <summary>Whether a package is registered for somebody on its host, or kept for somebody who has not signed in.</summary>
    /// <param name="item">What the host says of it.</param>
    /// <returns>True if so.</returns>
    public static bool HasUsers(InventoryItem item) => item.RegisteredUsers.Count > 0 || item.RegisteredFor is not null;

    /// <summary>
    /// Whether the host keeps a package registered for the users and for nobody else, or offered to them. Who of them has it does not matter: some have
    /// not signed in or not asked. An older listener says only who has it now.
    /// </summary>
    private static bool IsRegistered(HostHello hello, InventoryItem item, AppPlan app, Func<string, IReadOnlyList<string>, bool> isAcknowledged)
    {
        if (item.RegisteredFor is { } keeps)
        {
            return (item.Mode ?? app.Mode) == app.Mode
                && (IsSame(keeps, app.Users) || (MayBe(keeps, app.Users) && isAcknowledged(item.PackageFullName, app.Users)));
        }

        var allHaveIt = item.RegisteredUsers.Count > 0 && app.Users.All(user => item.RegisteredUsers.Contains(user, StringComparer.OrdinalIgnoreCase));
        return !hello.SaysRegistrations && (allHaveIt || isAcknowledged(item.PackageFullName, app.Users));
    }

    private static bool IsSame(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
        one.Count == other.Count && one.All(user => other.Contains(user, StringComparer.OrdinalIgnoreCase));

    /// <summary>Windows says the security identifier of whom an assignment calls by name.</summary>
    private static bool MayBe(IReadOnlyList<string> keeps, IReadOnlyList<string> users) =>
        keeps.Count == users.Count
        && users.Any(user => !IsIdentifier(user))
        && users.Where(IsIdentifier).All(user => keeps.Contains(user, StringComparer.OrdinalIgnoreCase));

    private static bool IsIdentifier(string user) => user.StartsWith("S-1-", StringComparison.OrdinalIgnoreCase);
}
