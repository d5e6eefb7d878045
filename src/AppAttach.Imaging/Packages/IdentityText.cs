using System.Globalization;

namespace AppAttach.Imaging.Packages;

/// <summary>What the parts of an identity may look like, in a package's manifest and in a bundle's.</summary>
internal static class IdentityText
{
    /// <summary>Number of parts of a version.</summary>
    public const int VersionParts = 4;

    /// <summary>
    /// Whether a text may be a name or a resource id: letters, digits, dots and dashes, and nothing that Windows keeps for itself. The full name
    /// becomes a folder, so the lengths that Windows sets (name 50, resource id 30) would leave room; 255 is what NTFS holds.
    /// </summary>
    public static bool IsName(string text)
    {
        const int longest = 100;
        return text.Length is > 0 and <= longest && text[^1] != '.' && !DeviceName.Matches(text) &&
            !text.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) && !text.Contains(".xn--", StringComparison.OrdinalIgnoreCase) &&
            text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-');
    }

    /// <summary>Whether a text in lower case is a processor architecture.</summary>
    public static bool IsArchitecture(string text) => text is "x86" or "x64" or "arm" or "arm64" or "x86a64" or "neutral";

    /// <summary>A version of so many numbers from 0 to 65535, filled up with zeros to four; null if the text is none.</summary>
    public static Version? ParseVersion(string? text, int count = VersionParts)
    {
        var parts = (text ?? "").Split('.');
        Span<int> numbers = stackalloc int[VersionParts];
        for (var index = 0; index < count; index++)
        {
            if (parts.Length != count || !ushort.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers[index] = number;
        }

        return new(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
