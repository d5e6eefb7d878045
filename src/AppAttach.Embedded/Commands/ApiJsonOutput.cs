using System.Text.Json;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Commands;

/// <summary>Writes what the API answered as the one document of <c>--json</c>; finds out by reflection how, which <see cref="JsonOutput"/> does not.</summary>
internal static class ApiJsonOutput
{
    private static readonly JsonSerializerOptions Indented = new(OrchestrationJson.Options) { WriteIndented = true, Encoder = JsonOutput.Encoder };

    /// <summary>Writes a document to standard output.</summary>
    /// <param name="document">The document.</param>
    public static void Write(object document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, Indented));
}
