using System.Text.Encodings.Web;
using System.Text.Json;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Commands;

/// <summary>Writes the one document of <c>--json</c>.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Indented = new(OrchestrationJson.Options)
    {
        WriteIndented = true,

        // The output goes to a terminal or a program, never into a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a document to standard output.</summary>
    /// <param name="document">The document.</param>
    public static void Write(object document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, Indented));
}
