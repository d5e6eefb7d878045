namespace AppAttach.Imaging.Packages;

/// <summary>
/// Checks that all parts can lie in one folder of a file system that ignores case: no two of one name, and no file where others
/// need a folder. Folders that differ only in case are one folder, as on Windows.
/// </summary>
internal static class PartTree
{
    // Below every character that a name may have, so that a file sorts right before what would lie in it as a folder.
    private const char Separator = '\u0001';

    /// <summary>Refuses clashes. Sorting keeps this cheap for any number and depth of paths.</summary>
    /// <exception cref="InvalidInputException">
    /// <see cref="Defect.ZipCorrupt"/> for two parts of the same name, else <see cref="Defect.UnsafeName"/>.
    /// </exception>
    public static void Check(IReadOnlyList<ZipPart> parts)
    {
        var keys = new string[parts.Count];
        var paths = new string[parts.Count];
        for (var index = 0; index < keys.Length; index++)
        {
            paths[index] = parts[index].Path;
            keys[index] = paths[index].Replace('/', Separator).ToUpperInvariant();
        }

        Array.Sort(keys, paths, StringComparer.Ordinal);
        for (var index = 1; index < keys.Length; index++)
        {
            var (left, right) = (keys[index - 1], keys[index]);
            if (!right.StartsWith(left, StringComparison.Ordinal))
            {
                continue;
            }

            if (left.Length == right.Length)
            {
                throw paths[index - 1] == paths[index]
                    ? Invalid.Zip($"The archive has two parts named {Invalid.Quote(paths[index])}.")
                    : Invalid.Name($"Parts {Invalid.Quote(paths[index - 1])} and {Invalid.Quote(paths[index])} differ only in case.");
            }

            if (right[left.Length] == Separator)
            {
                throw Invalid.Name($"Part {Invalid.Quote(paths[index - 1])} is a file, and the folder of {Invalid.Quote(paths[index])}.");
            }
        }
    }
}
