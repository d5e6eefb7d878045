using System.Xml;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// XML of a package: no DTD, no resolver, bounded size and depth. Names are compared by their local part, as Windows' and the SDK's
/// readers do; which namespace the root has is for the reader of each part to judge.
/// </summary>
internal sealed class XmlPart : IDisposable
{
    private readonly XmlReader reader;
    private readonly int deepest;
    private readonly Defect defect;
    private readonly string name;

    /// <summary>Starts to read a part.</summary>
    /// <param name="stream">Its content; bounded by whoever made it.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="defect">What it is if it is not well-formed.</param>
    /// <param name="deepest">Deepest nesting of elements allowed.</param>
    public XmlPart(Stream stream, string name, Defect defect, int deepest)
    {
        (this.name, this.defect, this.deepest) = (name, defect, deepest);
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            CheckCharacters = true,
            CloseInput = false,
        };
        reader = XmlReader.Create(stream, settings);
    }

    /// <summary>Depth of the current element: 0 for the root.</summary>
    public int Depth => reader.Depth;

    /// <summary>Local name of the current element.</summary>
    public string LocalName => reader.LocalName;

    /// <summary>Namespace of the current element.</summary>
    public string Namespace => reader.NamespaceURI;

    /// <summary>Text of the current node; the reader reads it to its end only now.</summary>
    /// <exception cref="InvalidInputException">The text is not well-formed.</exception>
    public string Text
    {
        get
        {
            try
            {
                return reader.Value;
            }
            catch (XmlException exception)
            {
                throw NotWellFormed(exception);
            }
        }
    }

    /// <summary>An attribute without a namespace of the current element, or null.</summary>
    public string? this[string attribute] => reader.GetAttribute(attribute);

    /// <summary>Moves to the next start of an element.</summary>
    /// <returns>False at the end of the part.</returns>
    /// <exception cref="InvalidInputException">The part is not well-formed, or nested too deeply.</exception>
    public bool ReadElement()
    {
        while (Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Moves to the next start of an element or stretch of text.</summary>
    /// <param name="isText">Whether it is text.</param>
    /// <returns>False at the end of the part.</returns>
    public bool ReadElementOrText(out bool isText)
    {
        while (Read())
        {
            isText = reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA;
            if (isText || reader.NodeType == XmlNodeType.Element)
            {
                return true;
            }
        }

        isText = false;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private bool Read()
    {
        try
        {
            if (!reader.Read())
            {
                return false;
            }
        }
        catch (XmlException exception)
        {
            throw NotWellFormed(exception);
        }

        return reader.Depth <= deepest ? true : throw Invalid.Limit($"Nesting of XML elements in {name}", reader.Depth, deepest);
    }

    private InvalidInputException NotWellFormed(XmlException exception) =>
        new(defect, $"{name} is not well-formed XML, or has a document type: {exception.Message}", exception);
}
