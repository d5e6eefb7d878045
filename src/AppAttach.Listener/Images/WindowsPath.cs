// Which paths Windows takes for which file: "Naming Files, Paths, and Namespaces",
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file, and "File path formats on Windows systems",
// https://learn.microsoft.com/dotnet/standard/io/file-path-formats. Nothing here asks the system, so that it is the same everywhere.
using System.Buffers;

namespace AppAttach.Listener.Images;

/// <summary>Brings local and UNC paths of Windows into one form, and refuses whatever could mean another file than it seems to.</summary>
internal static class WindowsPath
{
    // The longest that the path functions take with long paths switched on.
    private const int LengthLimit = 32_767;
    private const int NameLimit = 255;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>:\"|?*");
    private static readonly string[] DeviceNames = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    private static readonly string[] NumberedDevices = ["COM", "LPT"];

    /// <summary>The path with backslashes and without a separator at its end: <c>C:\a\b</c> or <c>\\server\share\a\b</c>.</summary>
    /// <param name="path">The path.</param>
    /// <returns>
    /// Null when it is relative, names a device (<c>\\?\</c>, <c>\\.\</c>, <c>\??\</c>, <c>CON</c> …) or a stream, climbs
    /// (<c>..</c>), or has names that Windows would change or not take.
    /// </returns>
    public static string? Normalize(string path)
    {
        if (path.Length is 0 or > LengthLimit || path.Any(char.IsControl))
        {
            return null;
        }

        var text = path.Replace('/', '\\');
        if (text.StartsWith(@"\\", StringComparison.Ordinal))
        {
            var names = text[2..].TrimEnd('\\').Split('\\');
            return names.Length >= 2 && IsServer(names[0]) && names[1..].All(IsName) ? @"\\" + string.Join('\\', names) : null;
        }

        var isDrive = text.Length >= 3 && char.IsAsciiLetter(text[0]) && text[1] == ':' && text[2] == '\\';
        if (!isDrive)
        {
            return null;
        }

        var below = text[3..].TrimEnd('\\');
        var drive = char.ToUpperInvariant(text[0]) + @":\";
        return below.Length == 0 ? drive : below.Split('\\').All(IsName) ? drive + below : null;
    }

    /// <summary>Whether a path lies below a folder; both have been normalized. The folder itself is not below itself.</summary>
    public static bool IsBelow(string path, string folder)
    {
        var start = folder.TrimEnd('\\') + '\\';
        return path.Length > start.Length && path.StartsWith(start, StringComparison.OrdinalIgnoreCase);
    }

    // "?" and "." are the device namespaces. An address in brackets is for URLs only; "server@port" and "server@SSL" are WebDAV.
    private static bool IsServer(string name) =>
        name.Length > 0 && name is not ("?" or "." or "..") && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_') && name[0] != '.';

    private static bool IsName(string name) =>
        name.Length is > 0 and <= NameLimit
        && !name.AsSpan().ContainsAny(Forbidden)
        && name[^1] is not ('.' or ' ') // Windows takes them away: "a." is "a", ".." climbs.
        && name[0] != ' '
        && !IsDevice(name);

    // A device keeps its name with any extension, and with spaces before it.
    private static bool IsDevice(string name)
    {
        var stem = name.Split('.')[0].TrimEnd(' ');
        return DeviceNames.Contains(stem, StringComparer.OrdinalIgnoreCase)
            || (stem.Length == 4 && NumberedDevices.Contains(stem[..3], StringComparer.OrdinalIgnoreCase) && (char.IsAsciiDigit(stem[3]) || stem[3] is '¹' or '²' or '³'));
    }
}
