namespace AppAttach.Listener.Ledger;

/// <summary>Files <c>FOLDER/NAME.json</c> below a root: of the ledger <c>packages/*.json</c> and <c>commands/*.json</c>, of the offers <c>offers.json</c>.</summary>
/// <param name="root">Absolute path of the root; it need not be there.</param>
internal sealed class DiskLedgerStore(string root) : ILedgerStore
{
    private const string Suffix = ".json";

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        var directory = new DirectoryInfo(Path.Combine(root, folder));
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

    private string PathOf(string folder, string name) => Path.Combine(root, folder, name + Suffix);
}
