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
            AlsoIn = options.AlsoIn,
            ListenerVersion = ListenerHost.Version,
            SaysRegistrations = true,
            OperatingSystem = RuntimeInformation.OSDescription,
            Architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            OperatingSystemVersion = OperatingSystem.IsWindows() ? Environment.OSVersion.Version.ToString() : null,
            FreeBytes = FreeBytes(),
            Frameworks = machine.Registrar.ListFrameworks(),
            TrustedCertificates = machine.Registrar.ListTrustedCertificates(),
            Mounter = machine.Mounter.Name,
            Inventory =
            [
                .. machine.Ledger.Packages.Select(record => new InventoryItem(
                    record.Package.FullName,
                    record.Image.Path,
                    record.Image.Digest,
                    mounted.Any(image => image.Image.Digest == record.Image.Digest && record.AllAt(image.MountPoint).All(machine.Registrar.IsStaged)),
                    [
                        .. registrations.Where(entry => entry.PackageFullName == record.Package.FullName).Select(entry => entry.User)
                            .Order(StringComparer.Ordinal),
                    ])
                {
                    RegisteredFor = record.KeptFor is { IsNobody: false } audience ? (audience.IsEveryone ? [] : audience.Users) : null,
                    Mode = record.KeptFor.IsNobody ? null : record.Mode,
                }),
            ],
            SentAt = machine.Clock.GetUtcNow(),
        };
    }

    // The ledger and what users' apps write lie on the system volume; images stay on their shares.
    private static long? FreeBytes()
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(Environment.SystemDirectory)! : "/").AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
