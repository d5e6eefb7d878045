using System.Globalization;

namespace AppAttach.Listener.Registration;

/// <summary>The people who use this machine, where Windows' profile list does not say.</summary>
internal static class MachineUsers
{
    // login.defs: people have identifiers from UID_MIN to UID_MAX, services have lower ones.
    private const int FirstUserId = 1000;
    private const int LastUserId = 60000;
    private const int NameField = 0;
    private const int UserIdField = 2;
    private const int FieldCount = 7;

    /// <summary>The people of <c>/etc/passwd</c>; where there are none, as in a container, the user that the listener runs as.</summary>
    /// <returns>At least one name.</returns>
    public static IReadOnlyList<string> List()
    {
        const string accounts = "/etc/passwd";
        var users = File.Exists(accounts) ? Parse(File.ReadLines(accounts)) : [];
        return users.Count > 0 ? users : [Environment.UserName];
    }

    /// <summary>The people among the lines of passwd(5).</summary>
    internal static IReadOnlyList<string> Parse(IEnumerable<string> lines) =>
    [
        .. lines.Select(line => line.Split(':'))
            .Where(fields => fields.Length == FieldCount
                && int.TryParse(fields[UserIdField], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && id is >= FirstUserId and <= LastUserId)
            .Select(fields => fields[NameField]),
    ];
}
