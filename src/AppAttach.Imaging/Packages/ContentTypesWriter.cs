using System.Text;
using System.Xml;

namespace AppAttach.Imaging.Packages;

/// <summary>Writes <c>[Content_Types].xml</c>: a default for each extension, an override for each name without one and for the package's own parts.</summary>
internal static class ContentTypesWriter
{
    private const string Unknown = "application/octet-stream";

    /// <summary>The document for the paths given, manifest and block map included.</summary>
    public static byte[] Write(IEnumerable<string> paths)
    {
        using var content = new MemoryStream();
        using (var xml = XmlWriter.Create(content, new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("Types", ContentTypesReader.Namespace);
            var extensions = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            var overrides = new List<(string Path, string Type)>();
            foreach (var path in paths)
            {
                var name = path[(path.LastIndexOf('/') + 1)..];
                var extension = name[(name.LastIndexOf('.') + 1)..];
                if (path is PartName.Manifest or PartName.BlockMap)
                {
                    overrides.Add((path, path == PartName.Manifest
                        ? "application/vnd.ms-appx.manifest+xml" : "application/vnd.ms-appx.blockmap+xml"));
                }
                else if (extension.Length == name.Length || PartName.Encode(extension) != extension)
                {
                    overrides.Add((path, Unknown));
                }
                else if (extensions.Add(extension))
                {
                    WriteElement(xml, "Default", "Extension", extension, Unknown);
                }
            }

            foreach (var (path, type) in overrides)
            {
                WriteElement(xml, "Override", "PartName", "/" + PartName.Encode(path), type);
            }

            xml.WriteEndDocument();
        }

        return content.ToArray();
    }

    private static void WriteElement(XmlWriter xml, string element, string attribute, string value, string type)
    {
        xml.WriteStartElement(element, ContentTypesReader.Namespace);
        xml.WriteAttributeString(attribute, value);
        xml.WriteAttributeString("ContentType", type);
        xml.WriteEndElement();
    }
}
