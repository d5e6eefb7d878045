using System.Text;
using System.Text.Json;
using AppAttach.Contracts;

namespace AppAttach.Listener.Registration;

/// <summary>
/// The stand-in for Windows' registration on systems that have none. It stages by a link
/// <c>packages/FULLNAME</c> to the package's folder in the mount, and registers by an entry in
/// <c>users/USER/registered.json</c>, below the state folder. People, tests and scripts read these. That a family is to be given to whoever signs in
/// is a file <c>provisioned/FAMILY</c>; everyone is in reach here, so that nobody is left who would get it so.
/// </summary>
/// <param name="stateFolder">The listener's state folder.</param>
/// <param name="clock">Gives the time of registrations.</param>
internal sealed class FileRegistrar(string stateFolder, TimeProvider clock) : IPackageRegistrar
{
    private const string FileName = "registered.json";

    /// <summary>Beside the file, held while it is changed: <c>get</c> does so in a process of its own, while the listener runs.</summary>
    private const string LockName = "lock";

    private readonly string _packages = Path.Combine(stateFolder, "packages");
    private readonly string _provisioned = Path.Combine(stateFolder, "provisioned");
    private readonly string _users = Path.Combine(stateFolder, "users");

    /// <inheritdoc/>
    public void Stage(StagedPackage package)
    {
        if (package.Folder is null || IsStaged(package))
        {
            return;
        }

        Attempt(ErrorCodes.MountFailed, $"The link to package {package.Package.FullName} cannot be made", () =>
        {
            Directory.CreateDirectory(_packages);
            var link = LinkOf(package.Package.FullName);

            // A crash between these two leaves no link: the ledger says Staging or Staged, and either makes it again.
            File.Delete(link);
            _ = Directory.CreateSymbolicLink(link, package.Folder);
        });
    }

    /// <inheritdoc/>
    public bool IsStaged(StagedPackage package) =>
        package.Folder is null || new FileInfo(LinkOf(package.Package.FullName)).LinkTarget == package.Folder;

    /// <inheritdoc/>
    public IReadOnlyList<string> ListStaged() => Directory.Exists(_packages)
        ? [.. new DirectoryInfo(_packages).EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is not null).Select(entry => entry.Name)]
        : [];

    /// <inheritdoc/>
    public void Destage(string packageFullName) =>
        Attempt(ErrorCodes.MountFailed, $"The link to package {packageFullName} cannot be removed", () =>
        {
            if (Directory.Exists(_packages))
            {
                File.Delete(LinkOf(packageFullName));
            }
        });

    /// <inheritdoc/>
    public void Register(StagedPackage package, string user)
    {
        var added = new Registration
        {
            User = user,
            PackageFullName = package.Package.FullName,
            PackageFamilyName = package.Package.FamilyName,
            Folder = package.Folder,
            ImagePath = package.Image.Path,
            FolderInImage = $"{package.Image.RootFolder}/{package.Package.FullName}",
            Resources = package.Resources,
            RegisteredAt = clock.GetUtcNow(),
        };
        Change(user, before => before.Any(entry =>
                entry.PackageFullName == added.PackageFullName && entry.Folder == added.Folder && entry.ImagePath == added.ImagePath)
            ? before
            : [.. before.Where(entry => !IsFamily(entry, added.PackageFamilyName)), added]);
    }

    /// <inheritdoc/>
    public void Deregister(string packageFullName, string user)
    {
        // Whoever never had a package gets no folder for it.
        if (File.Exists(PathOf(user)))
        {
            Change(user, before => [.. before.Where(entry => entry.PackageFullName != packageFullName)]);
        }
    }

    /// <inheritdoc/>
    public void Provision(string familyName) =>
        Attempt(ErrorCodes.RegistrationFailed, $"The file for family {familyName} cannot be written", () => DurableFile.Write(Path.Combine(_provisioned, familyName), []));

    /// <inheritdoc/>
    public void Deprovision(string familyName) =>
        Attempt(ErrorCodes.RegistrationFailed, $"The file for family {familyName} cannot be deleted", () => DurableFile.Delete(Path.Combine(_provisioned, familyName)));

    /// <inheritdoc/>
    public bool IsProvisioned(string familyName) => File.Exists(Path.Combine(_provisioned, familyName));

    /// <inheritdoc/>
    public IReadOnlyList<string> ListProvisioned() => DurableFile.ListNames(_provisioned);

    /// <inheritdoc/>
    public IReadOnlyList<Registration> ListRegistrations() => Directory.Exists(_users)
        ? [.. Directory.EnumerateDirectories(_users).SelectMany(folder => ReadFile(Path.Combine(folder, FileName))?.Packages ?? [])]
        : [];

    /// <inheritdoc/>
    public IReadOnlyList<HostUser> ListUsers() => [.. MachineUsers.List().Select(name => new HostUser(name, []))];

    /// <inheritdoc/>
    public bool IsInReach(string user) => true;

    /// <inheritdoc/>
    public string Identify(string user) => user;

    /// <inheritdoc/>
    public IReadOnlyList<FrameworkReference>? ListFrameworks() => null;

    /// <inheritdoc/>
    public IReadOnlyList<string>? ListTrustedCertificates() => null;

    private static bool IsFamily(Registration entry, string familyName) =>
        string.Equals(entry.PackageFamilyName, familyName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the link of a staged package leads; null: there is none.</summary>
    internal string? FolderOf(string packageFullName) => new FileInfo(LinkOf(packageFullName)).LinkTarget;

    private string LinkOf(string packageFullName) => Path.Combine(_packages, packageFullName);

    /// <summary>Changes what a user has; a change that leaves everything as it is writes nothing.</summary>
    private void Change(string user, Func<IReadOnlyList<Registration>, IReadOnlyList<Registration>> change) =>
        Attempt(ErrorCodes.RegistrationFailed, $"The registrations of user {user} cannot be written", () =>
        {
            var path = PathOf(user);
            using var held = FileLock.Take(Path.Combine(Path.GetDirectoryName(path)!, LockName));
            var before = ReadFile(path)?.Packages ?? [];
            var after = change(before);
            if (!after.SequenceEqual(before))
            {
                var content = new UserRegistrations(user, [.. after.OrderBy(entry => entry.PackageFullName, StringComparer.Ordinal)]);
                DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(content, RegistrationJson.Default.UserRegistrations));
            }
        });

    // A file that cannot be read counts as empty: the ledger knows what the user should have and registers it again.
    private static UserRegistrations? ReadFile(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), RegistrationJson.Default.UserRegistrations);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    private string PathOf(string user) => Path.Combine(_users, EncodeUser(user), FileName);

    // A user's name becomes a folder's name: letters, digits, '-', '_' and inner dots stand as they are, other UTF-8 bytes as %XX.
    internal static string EncodeUser(string user)
    {
        var encoded = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(user))
        {
            var c = (char)value;
            var isPlain = char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '@' || (c == '.' && encoded.Length > 0);
            _ = isPlain ? encoded.Append(c) : encoded.Append(System.Globalization.CultureInfo.InvariantCulture, $"%{value:X2}");
        }

        return encoded.ToString();
    }

    private static void Attempt(string code, string failure, Action effect)
    {
        try
        {
            effect();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(code, $"{failure}: {e.Message}", e);
        }
    }
}
