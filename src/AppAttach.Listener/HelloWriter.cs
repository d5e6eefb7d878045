using System.Runtime.InteropServices;
using AppAttach.Contracts;
using AppAttach.Listener.Commands;

namespace AppAttach.Listener;

/// <summary>Says what this host is and has: the ledger's packages, each checked for what is really mounted and registered.</summary>
/// <param name="options">Name and pool.</param>
/// <param name="machine">The machine, its gate held by the caller.</param>
internal sealed class HelloWriter(ListenerOptions options, HostMachine machine)
{
    /// <summary>The hello of now.</summary>
    public async Task<HostHello> WriteAsync(CancellationToken cancellationToken)
    {
        var mounted = await machine.Mounter.ListAsync(cancellationToken);
        var registrations = machine.Registrar.ListRegistrations();
        return new HostHello
        {
            Host = options.Host,
            Pool = options.Pool,
            ListenerVersion = ListenerHost.Version,
            OperatingSystem = RuntimeInformation.OSDescription,
            Architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            Mounter = machine.Mounter.Name,
            Inventory =
            [
                .. machine.Ledger.Packages.Select(record => new InventoryItem(
                    record.Package.FullName,
                    record.Image.Path,
                    record.Image.Digest,
                    mounted.Any(image => image.Image.Digest == record.Image.Digest && machine.Registrar.IsStaged(record.At(image.MountPoint))),
                    [
                        .. registrations.Where(entry => entry.PackageFullName == record.Package.FullName).Select(entry => entry.User)
                            .Order(StringComparer.Ordinal),
                    ])),
            ],
            SentAt = machine.Clock.GetUtcNow(),
        };
    }
}
