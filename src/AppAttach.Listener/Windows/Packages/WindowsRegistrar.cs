// Windows.Management.Deployment.PackageManager: https://learn.microsoft.com/uwp/api/windows.management.deployment.packagemanager
using System.Security.Cryptography.X509Certificates;
using System.Security.Principal;
using AppAttach.Contracts;
using AppAttach.Listener.Commands;
using AppAttach.Listener.Registration;
using AppAttach.Listener.Windows.Checks;
using Windows.ApplicationModel;
using Windows.Management.Deployment;
using PackageInstallState = Windows.Management.Deployment.PackageInstallState;

namespace AppAttach.Listener.Windows.Packages;

/// <summary>
/// Windows' own registration: packages are staged in place by this service, and registered by a process in each user's session. Which
/// packages are ours is in files (<c>staged/FULLNAME</c> and <c>provisioned/FAMILY</c> below the state folder), written before Windows is told: nothing else
/// is touched.
/// </summary>
/// <param name="stateFolder">The listener's state folder.</param>
internal sealed class WindowsRegistrar(string stateFolder) : IPackageRegistrar
{
    // A hello is one message of the bus; so many thumbprints are a quarter of the largest.
    private const int MostCertificates = 1000;
    private const int PackageNotFound = unchecked((int)0x8007_3CF1); // ERROR_INSTALL_PACKAGE_NOT_FOUND
    private const int ElementNotFound = unchecked((int)0x8007_0490); // HRESULT_FROM_WIN32(ERROR_NOT_FOUND)

    private readonly string _staged = Path.Combine(stateFolder, "staged");
    private readonly string _provisioned = Path.Combine(stateFolder, "provisioned");
    private readonly Lazy<PackageManager> _lazyPackages = new(() => new PackageManager());

    private PackageManager Packages => _lazyPackages.Value;

    /// <inheritdoc/>
    public void Stage(StagedPackage package)
    {
        var folder = package.Folder ?? throw new CommandFailedException(ErrorCodes.MountFailed, "Windows stages packages from a mounted volume only.");
        if (IsStaged(package))
        {
            return;
        }

        DurableFile.Write(MarkerOf(package.Package.FullName), System.Text.Encoding.UTF8.GetBytes(folder));
        var manifest = new Uri(Path.Combine(folder, "AppxManifest.xml"));
        Deployment.Run(
            ErrorCodes.RegistrationFailed,
            $"Package {package.Package.FullName} cannot be staged",

            // The frameworks are on the machine, and the resource packages were staged before.
            () => Packages.StagePackageAsync(manifest, dependencyPackageUris: null, DeploymentOptions.StageInPlace));
    }

    /// <inheritdoc/>
    public bool IsStaged(StagedPackage package) =>
        ReadMarker(package.Package.FullName) == package.Folder && Packages.FindUsers(package.Package.FullName).Any(IsThere);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListStaged() =>
        Directory.Exists(_staged) ? [.. Directory.EnumerateFiles(_staged).Select(Path.GetFileName).Where(name => PackageFullName.TryParse(name!) is not null)!] : [];

    /// <inheritdoc/>
    public void Destage(string packageFullName)
    {
        if (!File.Exists(MarkerOf(packageFullName)))
        {
            return;
        }

        // Takes the registrations of users away who were not signed in when they lost the package: the ledger says that nobody has it.
        Deployment.Run(
            ErrorCodes.RegistrationFailed,
            $"Package {packageFullName} cannot be destaged",
            () => Packages.RemovePackageAsync(packageFullName, RemovalOptions.RemoveForAllUsers),
            PackageNotFound,
            ElementNotFound);
        DurableFile.Delete(MarkerOf(packageFullName));
    }

    /// <inheritdoc/>
    public void Register(StagedPackage package, string user)
    {
        if (!IsRegistered(package.Package.FullName, user))
        {
            UserSession.Require(user).Run(new SessionTask(SessionVerb.Register, package.Package.FullName, package.Resources));
        }
    }

    /// <inheritdoc/>
    public void Deregister(string packageFullName, string user)
    {
        if (IsRegistered(packageFullName, user))
        {
            UserSession.Require(user).Run(new SessionTask(SessionVerb.Deregister, packageFullName, []));
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Needs an administrator and a staged package "on the system volume"; whether one that is staged in place from a mounted disk counts as such is not
    /// documented. Provisioning once more would remove the package first, so that is never done:
    /// https://learn.microsoft.com/uwp/api/windows.management.deployment.packagemanager.provisionpackageforallusersasync.
    /// Windows gives a user the newest staged package of the family: https://devblogs.microsoft.com/insidemsix/msix-per-user-vs-all-users
    /// </remarks>
    public void Provision(string familyName)
    {
        if (IsProvisioned(familyName))
        {
            return;
        }

        DurableFile.Write(ProvisionedMarkerOf(familyName), []);
        try
        {
            Deployment.Run(ErrorCodes.RegistrationFailed, $"Family {familyName} cannot be provisioned", () => Packages.ProvisionPackageForAllUsersAsync(familyName));
        }
        catch (CommandFailedException)
        {
            DurableFile.Delete(ProvisionedMarkerOf(familyName));
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>https://learn.microsoft.com/uwp/api/windows.management.deployment.packagemanager.deprovisionpackageforallusersasync</remarks>
    public void Deprovision(string familyName)
    {
        if (!File.Exists(ProvisionedMarkerOf(familyName)))
        {
            return;
        }

        Deployment.Run(
            ErrorCodes.RegistrationFailed,
            $"Family {familyName} cannot be deprovisioned",
            () => Packages.DeprovisionPackageForAllUsersAsync(familyName),
            PackageNotFound,
            ElementNotFound);
        DurableFile.Delete(ProvisionedMarkerOf(familyName));
    }

    /// <inheritdoc/>
    public bool IsProvisioned(string familyName) =>
        Packages.FindProvisionedPackages().Any(package => string.Equals(package.Id.FamilyName, familyName, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public IReadOnlyList<string> ListProvisioned() => DurableFile.ListNames(_provisioned);

    /// <inheritdoc/>
    public IReadOnlyList<Registration.Registration> ListRegistrations() =>
    [
        .. ListStaged().SelectMany(fullName => Packages.FindUsers(fullName).Where(IsInstalled).Select(user => Describe(fullName, user.UserSecurityId))),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<HostUser> ListUsers() => UserSession.ListUsers();

    /// <inheritdoc/>
    public bool IsInReach(string user) => UserSession.Find(user) is not null;

    /// <inheritdoc/>
    public string Identify(string user)
    {
        try
        {
            return user.StartsWith("S-1-", StringComparison.OrdinalIgnoreCase)
                ? new SecurityIdentifier(user).Value
                : ((SecurityIdentifier)new NTAccount(user).Translate(typeof(SecurityIdentifier))).Value;
        }
        catch (Exception e) when (e is IdentityNotMappedException or ArgumentException or SystemException and not OutOfMemoryException)
        {
            throw new CommandFailedException(
                ErrorCodes.CommandRefused, $"This host knows no user or group \"{user}\": send the security identifier, or look whether the domain is reachable.", e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<FrameworkReference> ListFrameworks() =>
    [
        .. Packages.FindPackagesWithPackageTypes(PackageTypes.Framework).Select(package => package.Id)
            .Select(id => new FrameworkReference(id.FamilyName, VersionOf(id), ArchitectureOf(id))),
    ];

    /// <inheritdoc/>
    /// <remarks>
    /// The machine's Trusted People, where a package's own certificate belongs, and its Trusted Root Certification Authorities, where it is often put:
    /// https://learn.microsoft.com/windows/msix/package/create-certificate-package-signing
    /// </remarks>
    public IReadOnlyList<string> ListTrustedCertificates() =>
        [.. ((StoreName[])[StoreName.TrustedPeople, StoreName.Root]).SelectMany(MachineCertificates.ThumbprintsOf).Distinct(StringComparer.Ordinal).Take(MostCertificates)];

    private bool IsRegistered(string fullName, string user) =>
        Packages.FindUsers(fullName).Any(one => IsInstalled(one) && string.Equals(one.UserSecurityId, user, StringComparison.OrdinalIgnoreCase));

    private static bool IsInstalled(PackageUserInformation user) => user.InstallState == PackageInstallState.Installed;

    private static bool IsThere(PackageUserInformation user) => user.InstallState is PackageInstallState.Installed or PackageInstallState.Staged;

    private Registration.Registration Describe(string fullName, string user) => new()
    {
        User = user,
        PackageFullName = fullName,
        PackageFamilyName = PackageFullName.TryParse(fullName)!.FamilyName,
        Folder = ReadMarker(fullName),
        ImagePath = "",
        FolderInImage = "",
        RegisteredAt = DateTimeOffset.UnixEpoch,
    };

    private static string VersionOf(PackageId id) => $"{id.Version.Major}.{id.Version.Minor}.{id.Version.Build}.{id.Version.Revision}";

    private static string ArchitectureOf(PackageId id) => id.Architecture.ToString().ToLowerInvariant();

    private string ProvisionedMarkerOf(string familyName) => Path.Combine(_provisioned, familyName);

    private string MarkerOf(string fullName) => Path.Combine(_staged, fullName);

    private string? ReadMarker(string fullName)
    {
        try
        {
            return File.ReadAllText(MarkerOf(fullName));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
