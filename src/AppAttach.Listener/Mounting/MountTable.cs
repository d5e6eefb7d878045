using System.Text;

namespace AppAttach.Listener.Mounting;

/// <summary>What the kernel says is mounted: <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)).</summary>
internal static class MountTable
{
    private const int MountPointField = 4;

    /// <summary>Every mount point at or below a folder, the one mounted last first.</summary>
    /// <param name="folder">Absolute path without links.</param>
    public static IReadOnlyList<string> ListBelow(string folder) => Parse(File.ReadLines("/proc/self/mountinfo"), folder);

    /// <summary>The mount points of these lines that lie at or below a folder, the last first.</summary>
    internal static IReadOnlyList<string> Parse(IEnumerable<string> lines, string folder) =>
    [
        .. lines.Select(line => line.Split(' '))
            .Where(fields => fields.Length > MountPointField)
            .Select(fields => Unescape(fields[MountPointField]))
            .Where(point => point == folder || point.StartsWith(folder + "/", StringComparison.Ordinal))
            .Reverse(),
    ];

    // Space, tab, line feed and backslash stand as a backslash and three octal digits.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        var text = new StringBuilder();
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && field.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                _ = text.Append((char)(((field[i + 1] - '0') * 64) + ((field[i + 2] - '0') * 8) + (field[i + 3] - '0')));
                i += 3;
            }
            else
            {
                _ = text.Append(field[i]);
            }
        }

        return text.ToString();
    }
}
