using AppAttach.Listener.Registration;

namespace AppAttach.Listener.Ledger;

/// <summary>Whom a package is kept registered for, whether or not they are there now: who signs in later gets it then.</summary>
/// <param name="IsEveryone">True: everyone but <paramref name="Users"/>; false: <paramref name="Users"/> only.</param>
/// <param name="Users">Names of users or groups, as the registrar identifies them.</param>
internal sealed record Audience(bool IsEveryone, IReadOnlyList<string> Users)
{
    /// <summary>Nobody.</summary>
    public static Audience Nobody { get; } = new(IsEveryone: false, []);

    /// <summary>Everyone.</summary>
    public static Audience Everyone { get; } = new(IsEveryone: true, []);

    /// <summary>Whether nobody is in it.</summary>
    public bool IsNobody => !IsEveryone && Users.Count == 0;

    /// <summary>Whether a user is in it, by name or by a group.</summary>
    public bool Has(HostUser user) => IsEveryone != (Names(user.Name) || user.Groups.Any(Names));

    /// <summary>Those in it, and these users; none named: everyone.</summary>
    public Audience With(IReadOnlyList<string> users) =>
        users.Count == 0 ? Everyone : this with { Users = IsEveryone ? Less(users) : More(users) };

    /// <summary>Those in it but for these users; none named: nobody.</summary>
    public Audience Without(IReadOnlyList<string> users) =>
        users.Count == 0 ? Nobody : this with { Users = IsEveryone ? More(users) : Less(users) };

    /// <inheritdoc/>
    public bool Equals(Audience? other) => other is not null && IsEveryone == other.IsEveryone && Users.SequenceEqual(other.Users, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsEveryone, Users.Count);

    private bool Names(string name) => Users.Contains(name, StringComparer.OrdinalIgnoreCase);

    private IReadOnlyList<string> Less(IReadOnlyList<string> users) => [.. Users.Except(users, StringComparer.OrdinalIgnoreCase)];

    private IReadOnlyList<string> More(IReadOnlyList<string> users) =>
        [.. Users.Union(users, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
}
