using AppAttach.Contracts;

namespace AppAttach.Listener.Commands;

/// <summary>
/// The parts of a package full name, <c>Name_Version_Architecture_ResourceId_PublisherId</c>. The listener makes file names of
/// it, so it takes only the characters that the manifest's schema allows in each part.
/// </summary>
/// <param name="Name">Identity name: letters, digits, <c>.</c> and <c>-</c>.</param>
/// <param name="Version">Four numbers with dots.</param>
/// <param name="Architecture">Processor architecture, <c>neutral</c> where the manifest names none.</param>
/// <param name="ResourceId">Resource id; empty for most packages.</param>
/// <param name="PublisherId">13 characters made from the publisher's name.</param>
internal sealed record PackageFullName(string Name, string Version, string Architecture, string ResourceId, string PublisherId)
{
    // The parts at their longest: name 50, version 23, architecture 11, resource id 30, publisher id 13, and four separators.
    private const int MaximumLength = 131;
    private const int PartCount = 5;

    /// <summary>Package family name.</summary>
    public string FamilyName => $"{Name}_{PublisherId}";

    /// <summary>What commands and records call the package.</summary>
    public PackageReference ToReference() =>
        new($"{Name}_{Version}_{Architecture}_{ResourceId}_{PublisherId}", FamilyName, Version, Architecture);

    /// <summary>Whether a package is a resource package of this one: languages and scales of the same version, for any processor.</summary>
    public bool IsResourceOf(PackageFullName main) =>
        ResourceId.Length > 0 && main.ResourceId.Length == 0 && Version == main.Version
        && string.Equals(Name, main.Name, StringComparison.OrdinalIgnoreCase) && string.Equals(PublisherId, main.PublisherId, StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes a full name apart.</summary>
    /// <returns>Its parts, or null when it is not a package full name.</returns>
    public static PackageFullName? TryParse(string fullName)
    {
        var parts = fullName.Split('_');
        var isSound = fullName.Length <= MaximumLength
            && parts is { Length: PartCount }
            && parts.All(part => part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'))
            && parts[0].Length > 0 && parts[0][0] != '.'
            && IsVersion(parts[1]) && parts[2].Length > 0 && parts[4].Length > 0;
        return isSound ? new PackageFullName(parts[0], parts[1], parts[2], parts[3], parts[4]) : null;
    }

    private static bool IsVersion(string text) =>
        text.Split('.') is { Length: 4 } numbers && numbers.All(number =>
            ushort.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _));
}
