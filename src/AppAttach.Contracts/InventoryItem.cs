namespace AppAttach.Contracts;

/// <summary>One package that a host has staged.</summary>
/// <param name="PackageFullName">Package full name.</param>
/// <param name="ImagePath">Where its image was mounted from.</param>
/// <param name="ImageDigest">SHA-256 of the image it was staged from, 64 lower-case hexadecimal digits.</param>
/// <param name="IsMounted">Whether the image is mounted now.</param>
/// <param name="RegisteredUsers">Users it is registered for; empty when staged only.</param>
public sealed record InventoryItem(
    string PackageFullName,
    string ImagePath,
    string ImageDigest,
    bool IsMounted,
    IReadOnlyList<string> RegisteredUsers)
{
    /// <summary>
    /// Users whom the host keeps it registered for, those included who have not signed in yet; empty: everyone; null: it is not
    /// registered, or the listener does not say.
    /// </summary>
    public IReadOnlyList<string>? RegisteredFor { get; init; }

    /// <summary>When those users get it; on demand, they are those whom it is offered to. Null: it is not registered, or the listener does not say.</summary>
    public RegisterMode? Mode { get; init; }
}
