using System.Buffers;
using System.Globalization;
using System.Text;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Names of parts: their percent-encoded form in the archive, and which ones Windows can hold. The set of encoded characters is the
/// one that Windows' packer and the MSIX SDK use. Other packers leave some of them as they are, which is read too; a character outside the
/// set must stand for itself, so that no escape hides a dot or a slash.
/// </summary>
internal static class PartName
{
    public const string ContentTypes = "[Content_Types].xml";
    public const string BlockMap = "AppxBlockMap.xml";
    public const string Manifest = "AppxManifest.xml";
    public const string Signature = "AppxSignature.p7x";
    public const string CodeIntegrity = "AppxMetadata/CodeIntegrity.cat";
    public const string BundleManifest = "AppxMetadata/AppxBundleManifest.xml";

    /// <summary>Where a bundle keeps its stub packages; nothing of a package may lie there.</summary>
    public const string StubFolder = "AppxMetadata/Stub/";

    private const string MetadataFolder = "AppxMetadata";
    private const string SystemMetadataFolder = "Microsoft.System.Package.Metadata";
    private const int EscapeLength = 3;
    private const string HexDigits = "0123456789ABCDEF";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> EncodedCharacters = SearchValues.Create(" !#$%&'()+,;=@[]^`{}");
    private static readonly SearchValues<char> Refused = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(code => (char)code), .. "\"*:<>?|\\\uFFFE\uFFFF"]);

    /// <summary>The parts that stand for the package itself and have no place in the block map.</summary>
    public static bool IsOutsideBlockMap(string path) => path is ContentTypes or BlockMap or Signature or CodeIntegrity;

    /// <summary>Decodes a name of the archive.</summary>
    /// <exception cref="InvalidInputException"><see cref="Defect.UnsafeName"/>: malformed, or another spelling than the one allowed.</exception>
    public static string Decode(string encoded)
    {
        if (encoded == ContentTypes || !encoded.AsSpan().ContainsAny(EncodedCharacters))
        {
            return encoded;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            var count = 0;
            for (var index = 0; index < encoded.Length; index++, count++)
            {
                if (encoded[index] != '%')
                {
                    bytes[count] = (byte)encoded[index];
                }
                else if (index + 2 < encoded.Length &&
                    byte.TryParse(encoded.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[count]))
                {
                    index += 2;
                }
                else
                {
                    throw Invalid.Name($"Part name {Invalid.Quote(encoded)} has a % without two hexadecimal digits.");
                }
            }

            var decoded = Utf8.GetString(bytes, 0, count);
            return IsSpelling(encoded, Encode(decoded))
                ? decoded
                : throw Invalid.Name($"Part name {Invalid.Quote(encoded)} is not spelled as packers spell it, {Invalid.Quote(Encode(decoded))}.");
        }
        catch (DecoderFallbackException)
        {
            throw Invalid.Name($"Part name {Invalid.Quote(encoded)} does not decode to UTF-8.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    // Goes through both forms side by side: the same character, or one that the packer could have encoded and did not.
    private static bool IsSpelling(string encoded, string canonical)
    {
        var (left, right) = (0, 0);
        while (left < encoded.Length && right < canonical.Length)
        {
            var character = encoded[left++];
            if (character == canonical[right])
            {
                right++;
            }
            else if (character != '%' && canonical[right] == '%')
            {
                right += EscapeLength;
            }
            else
            {
                return false;
            }
        }

        return left == encoded.Length && right == canonical.Length;
    }

    /// <summary>Encodes a path for the archive.</summary>
    public static string Encode(string path)
    {
        if (path == ContentTypes)
        {
            return path;
        }

        var encoded = new StringBuilder(path.Length + 16);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in path.EnumerateRunes())
        {
            if (rune.IsAscii && !EncodedCharacters.Contains((char)rune.Value))
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
            {
                encoded.Append('%').Append(HexDigits[value >> 4]).Append(HexDigits[value & 0xF]);
            }
        }

        return encoded.ToString();
    }

    /// <summary>Refuses a path that Windows or NTFS cannot hold, that leads out of the package, or that is kept for the package itself.</summary>
    /// <exception cref="InvalidInputException"><see cref="Defect.UnsafeName"/>.</exception>
    public static void Check(string path, PackageLimits limits)
    {
        var fault = FaultOf(path, limits);
        if (fault is not null)
        {
            throw Invalid.Name($"Part name {Invalid.Quote(path)} {fault}.");
        }
    }

    private static string? FaultOf(string path, PackageLimits limits)
    {
        if (path.Length == 0 || path.Length > limits.PathLength)
        {
            return $"has {path.Length} UTF-16 units; 1 to {limits.PathLength} are allowed";
        }

        var refused = path.AsSpan().IndexOfAny(Refused);
        if (refused >= 0)
        {
            return $"has the character U+{(int)path[refused]:X4}, which Windows does not allow in names";
        }

        if (HasLoneSurrogate(path))
        {
            return "has half of a surrogate pair";
        }

        var depth = 0;
        var below = "";
        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan()[range];
            var fault = ++depth > limits.PathDepth ? $"has more than {limits.PathDepth} segments" : SegmentFaultOf(segment, limits);
            if (fault is not null)
            {
                return fault;
            }

            if (below == "_rels" && segment.EndsWith(".rels", StringComparison.OrdinalIgnoreCase))
            {
                return "is a relationships part, which packages may not carry";
            }

            below = segment.Equals("_rels", StringComparison.OrdinalIgnoreCase) ? "_rels" : "";
        }

        return IsReserved(path) ? "is kept for the package's own parts, or looks like one of them" : null;
    }

    private static string? SegmentFaultOf(ReadOnlySpan<char> segment, PackageLimits limits) =>
        segment.IsEmpty ? "has an empty segment"
        : segment.Length > limits.PathSegmentLength ? $"has a segment of {segment.Length} UTF-16 units; the limit is {limits.PathSegmentLength}"
        : segment is "." or ".." ? "has a segment that means another folder"
        : segment[^1] is ' ' or '.' ? "has a segment that ends in a space or a dot"
        : segment.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) ? "has a segment that starts with xn--"
        : DeviceName.Matches(segment) ? "has a segment that Windows takes for a device"
        : null;

    private static bool HasLoneSurrogate(string path)
    {
        for (var index = 0; index < path.Length; index++)
        {
            if (char.IsSurrogate(path[index]))
            {
                if (index + 1 == path.Length || !char.IsSurrogatePair(path[index], path[index + 1]))
                {
                    return true;
                }

                index++;
            }
        }

        return false;
    }

    private static bool IsReserved(string path)
    {
        if (path is ContentTypes or BlockMap or Manifest or Signature or CodeIntegrity or BundleManifest || path.StartsWith(StubFolder, StringComparison.Ordinal))
        {
            return false;
        }

        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? path : path[..slash];
        return slash < 0
            ? first.Equals(ContentTypes, StringComparison.OrdinalIgnoreCase) || first.Equals(BlockMap, StringComparison.OrdinalIgnoreCase) ||
                first.Equals(Manifest, StringComparison.OrdinalIgnoreCase) || first.Equals(Signature, StringComparison.OrdinalIgnoreCase)
            : first.StartsWith(MetadataFolder, StringComparison.OrdinalIgnoreCase) ||
                first.StartsWith(SystemMetadataFolder, StringComparison.OrdinalIgnoreCase);
    }
}
