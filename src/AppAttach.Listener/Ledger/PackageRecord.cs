using AppAttach.Contracts;
using AppAttach.Listener.Registration;

namespace AppAttach.Listener.Ledger;

/// <summary>What the ledger knows of one package.</summary>
/// <param name="Package">Which package.</param>
/// <param name="Image">The image it is staged from.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Users">Users who have it, or, in <see cref="PackageState.Registering"/> and <see cref="PackageState.Deregistering"/>, had it before.</param>
/// <param name="ChangedAt">When this was written, by the host's clock.</param>
internal sealed record PackageRecord(
    PackageReference Package,
    ImageReference Image,
    PackageState State,
    IReadOnlyList<string> Users,
    DateTimeOffset ChangedAt)
{
    /// <summary>The package at its folder below a mount point, or without a folder.</summary>
    /// <param name="mountPoint">Absolute path of the volume's root, or null.</param>
    public StagedPackage At(string? mountPoint) => new(
        Package,
        Image,
        mountPoint is null ? null : Path.Combine([mountPoint, .. Image.RootFolder.Split('/', '\\'), Package.FullName]));
}
