using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AppAttach.Embedded.Commands;

/// <summary>Writes the one document of <c>--json</c> of the commands that need no server.</summary>
internal static class JsonOutput
{
    /// <summary>Escapes little: the output goes to a terminal or a program, never into a page.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Writes a document to standard output.</summary>
    /// <param name="document">The document.</param>
    /// <param name="type">How its type is written: code made when this was built. Finding that out by reflection takes as long as converting a small package.</param>
    public static void Write<TDocument>(TDocument document, JsonTypeInfo<TDocument> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = Encoder }))
        {
            JsonSerializer.Serialize(writer, document, type);
        }

        Console.Out.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
