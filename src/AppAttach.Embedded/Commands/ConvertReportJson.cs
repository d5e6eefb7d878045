using System.Text.Json.Serialization;

namespace AppAttach.Embedded.Commands;

/// <summary>How <c>convert --json</c> writes its document.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConvertReport))]
internal sealed partial class ConvertReportJson : JsonSerializerContext;
