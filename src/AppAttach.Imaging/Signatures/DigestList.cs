using System.Text;

namespace AppAttach.Imaging.Signatures;

/// <summary>
/// The digests that a package signature covers, as they stand in the octets of the signed content (the MSIX kind of Authenticode).
/// <code>
/// offset size field
///      0    4 tag            "APPX"
///      4    4 tag            "AXPC", then "AXCD", "AXCT", "AXBM" and, with a catalogue, "AXCI"
///      8    n digest         32, 48 or 64 bytes; then the next tag
/// </code>
/// </summary>
/// <param name="Parts"><c>AXPC</c>: all parts but the signature, as they stand in the archive.</param>
/// <param name="Directory"><c>AXCD</c>: the directory and the end records, as before signing.</param>
/// <param name="ContentTypes"><c>AXCT</c>: <c>[Content_Types].xml</c>.</param>
/// <param name="BlockMap"><c>AXBM</c>: <c>AppxBlockMap.xml</c>.</param>
/// <param name="Catalogue"><c>AXCI</c>: <c>AppxMetadata/CodeIntegrity.cat</c>, or null.</param>
public sealed record DigestList(
    ReadOnlyMemory<byte> Parts,
    ReadOnlyMemory<byte> Directory,
    ReadOnlyMemory<byte> ContentTypes,
    ReadOnlyMemory<byte> BlockMap,
    ReadOnlyMemory<byte>? Catalogue)
{
    private const int TagBytes = 4;

    /// <summary>Reads a list that holds exactly these digests in this order.</summary>
    /// <param name="bytes">The list.</param>
    /// <param name="digestBytes">Size of a digest.</param>
    /// <returns>The list, or null if it is another.</returns>
    internal static DigestList? TryRead(ReadOnlyMemory<byte> bytes, int digestBytes)
    {
        string[] tags = ["AXPC", "AXCD", "AXCT", "AXBM", "AXCI"];
        var record = TagBytes + digestBytes;
        var count = (bytes.Length - TagBytes) / record;
        if (count is not (4 or 5) || bytes.Length != TagBytes + (count * record) || !HasTag(bytes, "APPX"))
        {
            return null;
        }

        var digests = new ReadOnlyMemory<byte>[count];
        for (var index = 0; index < count; index++)
        {
            var item = bytes.Slice(TagBytes + (index * record), record);
            if (!HasTag(item, tags[index]))
            {
                return null;
            }

            digests[index] = item[TagBytes..];
        }

        return new(digests[0], digests[1], digests[2], digests[3], count == tags.Length ? digests[^1] : default(ReadOnlyMemory<byte>?));
    }

    private static bool HasTag(ReadOnlyMemory<byte> bytes, string tag) => Ascii.Equals(bytes.Span[..TagBytes], tag);
}
