using System.Text.Json.Serialization;
using AppAttach.Contracts;
using AppAttach.Listener.Commands;
using AppAttach.Listener.Registration;

namespace AppAttach.Listener.Ledger;

/// <summary>What the ledger knows of one package.</summary>
/// <param name="Package">Which package.</param>
/// <param name="Image">The image it is staged from.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Users">Users who have it, or, in <see cref="PackageState.Registering"/> and <see cref="PackageState.Deregistering"/>, had it before.</param>
/// <param name="ChangedAt">When this was written, by the host's clock.</param>
/// <param name="Audience">Whom it is kept registered for; null: those who have it.</param>
/// <param name="Resources">Full names of the resource packages that are staged with it; null: none.</param>
/// <param name="IsLeaving">It was to be destaged while users had it: it goes when the last of them has lost it.</param>
/// <param name="Mode">When those whom it is kept for get it.</param>
/// <param name="DisplayName">What people call it, where its manifest says so.</param>
internal sealed record PackageRecord(
    PackageReference Package,
    ImageReference Image,
    PackageState State,
    IReadOnlyList<string> Users,
    DateTimeOffset ChangedAt,
    Audience? Audience = null,
    IReadOnlyList<string>? Resources = null,
    bool IsLeaving = false,
    RegisterMode Mode = RegisterMode.Logon,
    string? DisplayName = null)
{
    /// <summary>Whom it is kept registered for.</summary>
    [JsonIgnore]
    public Audience KeptFor => Audience ?? new Audience(IsEveryone: false, Users);

    /// <summary>The package at its folder below a mount point, or without a folder.</summary>
    /// <param name="mountPoint">Absolute path of the volume's root, or null.</param>
    public StagedPackage At(string? mountPoint) => new(Package, Image, FolderOf(mountPoint, Package.FullName), Resources ?? []);

    /// <summary>Whether those whom it is kept for may ask for it.</summary>
    [JsonIgnore]
    public bool IsOffered => Mode == RegisterMode.OnDemand && !KeptFor.IsNobody && IsForUsers;

    /// <summary>Whether Windows is to give it to whoever signs in. Windows knows no exceptions: with one of them the listener gives it.</summary>
    [JsonIgnore]
    public bool IsGivenBySystem => Mode == RegisterMode.Now && KeptFor == Audience.Everyone && IsForUsers;

    private bool IsForUsers => !IsLeaving && State is not (PackageState.Staging or PackageState.Destaging);

    /// <summary>Each package to be staged, the resource packages first, at its folder below a mount point, or without a folder.</summary>
    /// <param name="mountPoint">Absolute path of the volume's root, or null.</param>
    public IEnumerable<StagedPackage> AllAt(string? mountPoint) =>
    [
        .. (Resources ?? []).Select(name => PackageFullName.TryParse(name)!.ToReference())
            .Select(package => new StagedPackage(package, Image, FolderOf(mountPoint, package.FullName), [])),
        At(mountPoint),
    ];

    private string? FolderOf(string? mountPoint, string fullName) =>
        mountPoint is null ? null : Path.Combine([mountPoint, .. Image.RootFolder.Split('/', '\\'), fullName]);
}
