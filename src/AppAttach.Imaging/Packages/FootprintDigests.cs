namespace AppAttach.Imaging.Packages;

/// <summary>Digests of the two footprint files that are parsed on opening, of the very bytes that were parsed.</summary>
/// <param name="ContentTypes">Of <c>[Content_Types].xml</c>.</param>
/// <param name="BlockMap">Of <c>AppxBlockMap.xml</c>.</param>
internal sealed record FootprintDigests(byte[] ContentTypes, byte[] BlockMap);
