using AppAttach.Contracts;

namespace AppAttach.Listener.Commands;

/// <summary>Images come from the allowed share roots and from nowhere else, whatever a command says.</summary>
/// <param name="shareRoots">Absolute paths or UNC paths of folders.</param>
internal sealed class ImagePathRule(IReadOnlyList<string> shareRoots)
{
    /// <summary>Finds the file that a path in a command means.</summary>
    /// <param name="path">The path, as the command has it.</param>
    /// <returns>The path without links; it need not exist.</returns>
    /// <exception cref="CommandFailedException">The path is not plain and absolute, or leads out of every root.</exception>
    public string Resolve(string path)
    {
        if (!IsPlain(path))
        {
            throw new CommandFailedException(
                ErrorCodes.PathNotAllowed,
                $"The image path \"{path}\" is not a plain absolute path: send one without \"..\", device prefixes and streams.");
        }

        try
        {
            var resolved = RealPath.Resolve(path);
            return shareRoots.Any(root => RealPath.IsBelow(resolved, RealPath.Resolve(Path.GetFullPath(root))))
                ? resolved
                : throw new CommandFailedException(
                    ErrorCodes.PathNotAllowed,
                    $"The image path \"{path}\" lies under none of the {shareRoots.Count} allowed share roots: add its root to the listener's settings or send another path.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ErrorCodes.ShareUnavailable, $"The image path \"{path}\" cannot be followed: {e.Message}", e);
        }
    }

    // Device paths (\\?\ and \\.\) skip normalisation, and a colon after the drive names a stream of a file.
    private static bool IsPlain(string path) =>
        Path.IsPathFullyQualified(path)
        && !path.Any(char.IsControl)
        && !path.StartsWith(@"\\?\", StringComparison.Ordinal)
        && !path.StartsWith(@"\\.\", StringComparison.Ordinal)
        && !path.StartsWith("//?/", StringComparison.Ordinal)
        && !path.StartsWith("//./", StringComparison.Ordinal)
        && !path.Split('/', '\\').Any(name => name is ".." or ".")
        && !(OperatingSystem.IsWindows() && path.AsSpan(2).Contains(':'));
}
