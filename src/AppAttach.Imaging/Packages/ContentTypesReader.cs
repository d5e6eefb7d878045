namespace AppAttach.Imaging.Packages;

/// <summary>
/// Checks <c>[Content_Types].xml</c> (Open Packaging Conventions, ECMA-376 part 2): a well-formed <c>Types</c> document. Nothing in a package is
/// chosen by its content types, so they are not kept.
/// </summary>
internal static class ContentTypesReader
{
    public const string Namespace = "http://schemas.openxmlformats.org/package/2006/content-types";

    /// <exception cref="InvalidInputException"><see cref="Defect.ContentTypesInvalid"/> or a limit.</exception>
    public static void Check(Stream stream, PackageLimits limits)
    {
        using var xml = new XmlPart(stream, PartName.ContentTypes, Defect.ContentTypesInvalid, limits.XmlDepth);
        if (!xml.ReadElement() || xml.LocalName != "Types" || xml.Namespace != Namespace)
        {
            throw new InvalidInputException(Defect.ContentTypesInvalid, "The root of [Content_Types].xml is not Types of the Open Packaging Conventions.");
        }

        while (xml.ReadElement())
        {
        }
    }
}
