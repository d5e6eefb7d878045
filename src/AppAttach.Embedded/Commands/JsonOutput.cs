using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Commands;

/// <summary>Writes the one document of <c>--json</c>.</summary>
internal static class JsonOutput
{
    // The output goes to a terminal or a program, never into a page.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    private static readonly Lazy<JsonSerializerOptions> Indented = new(() => new(OrchestrationJson.Options) { WriteIndented = true, Encoder = Encoder });

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

    /// <summary>Writes a document to standard output.</summary>
    /// <param name="document">The document.</param>
    public static void Write(object document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, Indented.Value));
}
