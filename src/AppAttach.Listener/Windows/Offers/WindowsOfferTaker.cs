using System.Security.Principal;
using AppAttach.Listener.Offers;
using AppAttach.Listener.Registration;
using AppAttach.Listener.Windows.Packages;
using Windows.Management.Deployment;

namespace AppAttach.Listener.Windows.Offers;

/// <summary>
/// Registers with Windows. A user needs no more than his own rights for himself:
/// https://learn.microsoft.com/uwp/api/windows.management.deployment.packagemanager.registerpackagebyfullnameasync
/// </summary>
internal sealed class WindowsOfferTaker : IOfferTaker
{
    private readonly Lazy<PackageManager> _packages = new(() => new PackageManager());

    /// <inheritdoc/>
    public HostUser User { get; } = ReadUser();

    /// <inheritdoc/>
    /// <remarks>An empty security identifier is the current user: https://learn.microsoft.com/uwp/api/windows.management.deployment.packagemanager.findpackageforuser</remarks>
    public bool Has(Offer offer) => _packages.Value.FindPackageForUser("", offer.PackageFullName) is not null;

    /// <inheritdoc/>
    public void Take(Offer offer) => new SessionTask(SessionVerb.Register, offer.PackageFullName, offer.Resources).Do();

    private static HostUser ReadUser()
    {
        using var identity = WindowsIdentity.GetCurrent();
        return new HostUser(identity.User!.Value, [.. (identity.Groups ?? []).Select(group => group.Value)]);
    }
}
