using AppAttach.Contracts;

namespace AppAttach.Listener.Images;

/// <summary>Images come from the allowed share roots and from nowhere else, whatever a command says.</summary>
/// <param name="shareRoots">Absolute paths or UNC paths of folders.</param>
internal sealed class ImagePathRule(IReadOnlyList<string> shareRoots)
{
    /// <summary>Finds the file that a path in a command means.</summary>
    /// <param name="path">The path, as the command has it.</param>
    /// <returns>The path without links, which need not exist, and the root below which it lies.</returns>
    /// <exception cref="CommandFailedException">The path is not plain and absolute, or leads out of every root.</exception>
    public (string Path, string ShareRoot) Resolve(string path)
    {
        var plain = Plain(path);
        if (plain is null)
        {
            throw new CommandFailedException(
                ErrorCodes.PathNotAllowed,
                $"The image path \"{path}\" is not a plain absolute path: send one without \"..\", device names and streams.");
        }

        try
        {
            // The words first: nothing outside the roots is asked for, not even whether it is a link.
            if (shareRoots.FirstOrDefault(root => IsBelow(plain, root)) is not { } shareRoot)
            {
                throw Outside(path);
            }

            var resolved = RealPath.Resolve(plain);
            return shareRoots.Any(root => RealPath.IsBelow(resolved, RealPath.Resolve(Path.GetFullPath(root)))) ? (resolved, shareRoot) : throw Outside(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ErrorCodes.ShareUnavailable, $"The image path \"{path}\" cannot be followed: {e.Message}", e);
        }
    }

    private static bool IsBelow(string plain, string root) => OperatingSystem.IsWindows()
        ? WindowsPath.Normalize(root) is { } folder && WindowsPath.IsBelow(plain, folder)
        : RealPath.IsBelow(plain, Path.GetFullPath(root));

    private static string? Plain(string path) => OperatingSystem.IsWindows()
        ? WindowsPath.Normalize(path)
        : Path.IsPathFullyQualified(path) && !path.Any(char.IsControl) && !path.StartsWith("//", StringComparison.Ordinal)
            && !path.Split('/').Any(name => name is ".." or ".") ? path : null;

    private CommandFailedException Outside(string path) => new(
        ErrorCodes.PathNotAllowed,
        $"The image path \"{path}\" lies under none of the {shareRoots.Count} allowed share roots: add its root to the listener's settings or send another path.");
}
