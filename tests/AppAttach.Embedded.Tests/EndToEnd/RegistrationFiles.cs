using System.Text.Json;

namespace AppAttach.Embedded.Tests.EndToEnd;

/// <summary>What the listener of a host wrote for its users, read as a script would.</summary>
internal static class RegistrationFiles
{
    /// <summary>Users and the full names each has.</summary>
    public static IReadOnlyList<(string User, string Package)> Read(string stateFolder)
    {
        var users = Path.Combine(stateFolder, "users");
        if (!Directory.Exists(users))
        {
            return [];
        }

        var registered = new List<(string User, string Package)>();
        foreach (var file in Directory.EnumerateFiles(users, "registered.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var content = JsonDocument.Parse(File.ReadAllText(file));
            registered.AddRange(content.RootElement.GetProperty("packages").EnumerateArray().Select(entry =>
                (entry.GetProperty("user").GetString()!, entry.GetProperty("packageFullName").GetString()!)));
        }

        return registered;
    }
}
