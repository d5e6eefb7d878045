namespace AppAttach.Listener.Images;

/// <summary>Resolves the symbolic links of a path, each component, as realpath(3) does.</summary>
internal static class RealPath
{
    // As Linux: more links than this are a loop.
    private const int LinkLimit = 40;

    /// <summary>The path without links and without <c>.</c> and <c>..</c>; what does not exist is kept as it stands.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Resolve(string path)
    {
        var left = new Stack<string>(Split(path).Reverse());
        var root = Path.GetPathRoot(path)!;
        var resolved = root;
        var links = 0;
        while (left.TryPop(out var name))
        {
            if (name == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? root;
                continue;
            }

            var next = Path.Combine(resolved, name);
            var target = new FileInfo(next).LinkTarget;
            if (target is null)
            {
                resolved = next;
                continue;
            }

            if (++links > LinkLimit)
            {
                throw new IOException($"The links of {path} lead in a circle.");
            }

            if (Path.IsPathRooted(target))
            {
                resolved = Path.GetPathRoot(target)!;
            }

            foreach (var part in Split(target).Reverse())
            {
                left.Push(part);
            }
        }

        return resolved;
    }

    /// <summary>Whether a path lies below a folder. Both are resolved already; the folder itself is not below itself.</summary>
    public static bool IsBelow(string path, string folder)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, comparison)
            || (folder == Path.GetPathRoot(folder) && path.StartsWith(folder, comparison) && path != folder);
    }

    private static IEnumerable<string> Split(string path) => path[Path.GetPathRoot(path)!.Length..]
        .Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
        .Where(name => name is not ("" or "."));
}
