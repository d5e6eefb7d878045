using System.Globalization;
using System.Text;
using System.Xml;

namespace AppAttach.Imaging.Packages;

/// <summary>Writes <c>AppxBlockMap.xml</c> in its first version (namespace of 2010), which every reader knows.</summary>
internal sealed class BlockMapWriter : IDisposable
{
    private const string Namespace = "http://schemas.microsoft.com/appx/2010/blockmap";

    private readonly MemoryStream content = new();
    private readonly XmlWriter xml;

    public BlockMapWriter(HashMethod method)
    {
        xml = XmlWriter.Create(content, new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });
        xml.WriteStartDocument();
        xml.WriteStartElement("BlockMap", Namespace);
        // osslsigncode finds the hash method only where it ends the tag, as it does in the packages of Windows' packer.
        xml.WriteAttributeString("xmlns", Namespace);
        xml.WriteAttributeString("HashMethod", method.Identifier);
    }

    /// <summary>Adds a file with its blocks.</summary>
    public void Add(string path, long sizeBytes, int localHeaderBytes, IEnumerable<(byte[] Hash, int? CompressedBytes)> blocks)
    {
        xml.WriteStartElement("File", Namespace);
        xml.WriteAttributeString("Name", path.Replace('/', '\\'));
        xml.WriteAttributeString("Size", sizeBytes.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("LfhSize", localHeaderBytes.ToString(CultureInfo.InvariantCulture));
        foreach (var (hash, compressedBytes) in blocks)
        {
            xml.WriteStartElement("Block", Namespace);
            xml.WriteAttributeString("Hash", Convert.ToBase64String(hash));
            if (compressedBytes is { } size)
            {
                xml.WriteAttributeString("Size", size.ToString(CultureInfo.InvariantCulture));
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>Ends the document and gives its bytes.</summary>
    public byte[] Finish()
    {
        xml.WriteEndDocument();
        xml.Flush();
        return content.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        xml.Dispose();
        content.Dispose();
    }
}
