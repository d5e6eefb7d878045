using System.Text.Json;
using System.Text.Json.Serialization;

namespace AppAttach.Pipeline.Orchestration;

/// <summary>The JSON of inputs and results in histories, and of documents in the catalog: one spelling for both hosts.</summary>
public static class OrchestrationJson
{
    /// <summary>Camel case, kebab-case enumerations, nulls left out, unknown members ignored.</summary>
    public static JsonSerializerOptions Options { get; } = MakeOptions();

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
