namespace AppAttach.Listener.Ledger;

/// <summary>Where the ledger's files lie. What a call has written is on the disk when it returns.</summary>
internal interface ILedgerStore
{
    /// <summary>Names of the files of a folder, the one changed longest ago first.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>A file's content, or null when there is none.</summary>
    byte[]? Read(string folder, string name);

    /// <summary>Replaces a file's content, wholly or not at all.</summary>
    void Write(string folder, string name, byte[] content);

    /// <summary>Deletes a file; one that is missing is left so.</summary>
    void Delete(string folder, string name);
}
