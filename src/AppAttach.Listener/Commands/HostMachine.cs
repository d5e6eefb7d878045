using AppAttach.Contracts;
using AppAttach.Listener.Images;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Mounting;
using AppAttach.Listener.Registration;

namespace AppAttach.Listener.Commands;

/// <summary>
/// The one machine: its ledger, its mounts, its registrations and the rules for images. Whoever works on a package is in the lane of its
/// family; whoever changes or reads any of these holds <see cref="Gate"/>. Images are read outside the gate, for that takes long.
/// </summary>
internal sealed class HostMachine(
    HostLedger ledger, IImageMounter mounter, IPackageRegistrar registrar, ImagePathRule imagePaths, ImageProof proof, TimeProvider clock) : IDisposable
{
    public HostLedger Ledger { get; } = ledger;

    public IImageMounter Mounter { get; } = mounter;

    public IPackageRegistrar Registrar { get; } = registrar;

    public TimeProvider Clock { get; } = clock;

    /// <summary>A lane for each package family.</summary>
    public Lanes Families { get; } = new();

    /// <summary>Held while anything is changed, and while the inventory is taken; never while an image is read.</summary>
    public Gate Gate { get; } = new();

    /// <summary>How images are proven.</summary>
    public ImageProof Proof { get; } = proof;

    /// <summary>Users that really have a package now.</summary>
    public IReadOnlyList<string> RegisteredUsers(string packageFullName) =>
    [
        .. Registrar.ListRegistrations().Where(entry => entry.PackageFullName == packageFullName).Select(entry => entry.User)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether the system is to give a family to whoever signs in.</summary>
    public bool IsGivenBySystem(string familyName) =>
        Ledger.Packages.Any(record => record.IsGivenBySystem && string.Equals(record.Package.FamilyName, familyName, StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes back what the system was told to give to whoever signs in, if no record wants it any more. The caller holds the gate.</summary>
    /// <exception cref="CommandFailedException">It cannot be.</exception>
    public void DeprovisionIfLeft(string familyName)
    {
        if (!IsGivenBySystem(familyName) && Registrar.ListProvisioned().Contains(familyName, StringComparer.OrdinalIgnoreCase))
        {
            Registrar.Deprovision(familyName);
        }
    }

    /// <summary>Writes a package's record with another state and, where given, other users.</summary>
    public PackageRecord Record(PackageRecord record, PackageState state, IReadOnlyList<string>? users = null)
    {
        var changed = record with { State = state, Users = users ?? record.Users, ChangedAt = Clock.GetUtcNow() };
        Ledger.Write(changed);
        return changed;
    }

    /// <summary>Makes a record say what is: registered for the users who really have the package, staged where none has. Writes only a change.</summary>
    public PackageRecord Settle(PackageRecord record)
    {
        var users = RegisteredUsers(record.Package.FullName);
        var state = users.Count > 0 ? PackageState.Registered : PackageState.Staged;
        return record.State == state && record.Users.SequenceEqual(users) ? record : Record(record, state, users);
    }

    /// <summary>The mount of an image, or null when it is not mounted or does not answer.</summary>
    public async Task<IMountedImage?> FindMountAsync(string digest, CancellationToken cancellationToken) =>
        (await Mounter.ListAsync(cancellationToken)).FirstOrDefault(image => image.Image.Digest == digest);

    /// <summary>Unmounts an image unless another package of the ledger needs it.</summary>
    public async Task UnmountUnlessSharedAsync(PackageRecord record, CancellationToken cancellationToken)
    {
        if (!Ledger.Packages.Any(other => other.Package.FullName != record.Package.FullName && other.Image.Digest == record.Image.Digest))
        {
            await Mounter.UnmountAsync(record.Image.Digest, cancellationToken);
        }
    }

    /// <summary>The image with its path resolved and its file proven to be the one meant. Called without the gate.</summary>
    /// <exception cref="CommandFailedException">The path is not allowed, or the file is missing or another one.</exception>
    public async Task<ImageReference> ProveImageAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var (path, shareRoot) = imagePaths.Resolve(image.Path);
        var proven = image with { Path = path };
        await Proof.RunAsync(proven, shareRoot, cancellationToken);
        return proven;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Gate.Dispose();
        Proof.Dispose();
    }
}
