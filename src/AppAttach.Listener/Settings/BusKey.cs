namespace AppAttach.Listener.Settings;

/// <summary>Reads the bus key from its file or from the environment; never from the command line, which every user of the machine can read.</summary>
internal static class BusKey
{
    private const UnixFileMode OthersMode =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The key.</summary>
    /// <param name="options">Say where it is.</param>
    /// <param name="problem">Why there is none, as a sentence; null when there is one.</param>
    /// <returns>The key, or an empty text.</returns>
    public static string Read(ListenerOptions options, out string? problem)
    {
        var key = "";
        try
        {
            if (options.KeyFile is null)
            {
                key = Environment.GetEnvironmentVariable(ListenerOptions.KeyVariable) ?? "";
            }
            else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(options.KeyFile) & OthersMode) != 0)
            {
                problem = $"Key file {options.KeyFile} can be used by others than its owner: chmod 600 it, and think of the key as known.";
                return "";
            }
            else
            {
                key = File.ReadAllText(options.KeyFile).Trim();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"Key file {options.KeyFile} cannot be read: {e.Message}";
            return "";
        }

        problem = key.Length > 0 ? null : $"There is no bus key: give a key file, or set {ListenerOptions.KeyVariable}.";
        return key;
    }
}
