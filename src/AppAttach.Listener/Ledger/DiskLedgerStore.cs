namespace AppAttach.Listener.Ledger;

/// <summary>The ledger's files below the state folder: <c>ledger/packages/*.json</c> and <c>ledger/commands/*.json</c>.</summary>
/// <param name="stateFolder">The listener's state folder.</param>
internal sealed class DiskLedgerStore(string stateFolder) : ILedgerStore
{
    private const string Suffix = ".json";

    private readonly string _root = Path.Combine(stateFolder, "ledger");

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        var directory = new DirectoryInfo(Path.Combine(_root, folder));
        return directory.Exists
            ?
            [
                .. directory.EnumerateFiles("*" + Suffix).OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)
                    .Select(file => Path.GetFileNameWithoutExtension(file.Name)),
            ]
            : [];
    }

    /// <inheritdoc/>
    public byte[]? Read(string folder, string name)
    {
        try
        {
            return File.ReadAllBytes(PathOf(folder, name));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Write(string folder, string name, byte[] content) => DurableFile.Write(PathOf(folder, name), content);

    /// <inheritdoc/>
    public void Delete(string folder, string name) => DurableFile.Delete(PathOf(folder, name));

    private string PathOf(string folder, string name) => Path.Combine(_root, folder, name + Suffix);
}
