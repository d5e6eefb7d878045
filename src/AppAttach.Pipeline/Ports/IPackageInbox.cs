namespace AppAttach.Pipeline.Ports;

/// <summary>Where admins drop packages: a blob container, or a folder.</summary>
public interface IPackageInbox
{
    /// <summary>Opens a dropped package for reading, as it was when it was dropped.</summary>
    /// <param name="drop">The drop.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A readable, seekable stream that reads by range; the caller disposes of it.</returns>
    /// <exception cref="DropChangedException">It was replaced or removed since.</exception>
    Task<Stream> OpenAsync(PackageDrop drop, CancellationToken cancellationToken);

    /// <summary>Puts a package into the inbox, where it is a drop like any other. Nobody sees it before it is whole, and nothing is left of one that breaks off.</summary>
    /// <param name="name">Its file name; a file of that name that is there stays as it is.</param>
    /// <param name="content">Its content, read once from front to back; what it throws is thrown.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The drop.</returns>
    Task<PackageDrop> StoreAsync(string name, Stream content, CancellationToken cancellationToken);

    /// <summary>Writes what became of a drop beside it, for people who look there. The package itself stays.</summary>
    /// <param name="drop">The drop.</param>
    /// <param name="state">One word: <c>released</c>, <c>rejected</c> or <c>failed</c>.</param>
    /// <param name="detail">Package full name, or the rejection's code and message.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when it is written. A drop that is gone is passed over.</returns>
    Task MarkAsync(PackageDrop drop, string state, string detail, CancellationToken cancellationToken);
}
