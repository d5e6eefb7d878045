using AppAttach.Contracts;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Registration;

namespace AppAttach.Listener.Offers;

/// <summary>
/// Registers by the files that stand in for Windows' registration. Whoever may write those may read the ledger, which says more of a package
/// than an offer does.
/// </summary>
/// <param name="stateFolder">The listener's state folder.</param>
/// <param name="clock">Gives the time of registrations.</param>
internal sealed class FileOfferTaker(string stateFolder, TimeProvider clock) : IOfferTaker
{
    private readonly FileRegistrar _registrar = new(stateFolder, clock);

    /// <inheritdoc/>
    public HostUser User { get; } = new(Environment.UserName, []);

    /// <inheritdoc/>
    public bool Has(Offer offer) =>
        _registrar.ListRegistrations().Any(entry => entry.User == User.Name && entry.PackageFullName == offer.PackageFullName);

    /// <inheritdoc/>
    public void Take(Offer offer)
    {
        var record = new HostLedger(new DiskLedgerStore(Path.Combine(stateFolder, HostLedger.FolderName))).FindPackage(offer.PackageFullName)
            ?? throw new CommandFailedException(ErrorCodes.NotStaged, $"Package {offer.PackageFullName} is not here any more.");
        _registrar.Register(record.At(mountPoint: null) with { Folder = _registrar.FolderOf(offer.PackageFullName) }, User.Name);
    }
}
