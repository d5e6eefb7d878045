using System.Text.Json;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Engine;

/// <summary>Inputs and results to and from the JSON of histories.</summary>
internal static class EngineJson
{
    /// <summary>Writes a value by its own type.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its JSON; null for null.</returns>
    public static string? Write(object? value) =>
        value is null ? null : JsonSerializer.Serialize(value, value.GetType(), OrchestrationJson.Options);

    /// <summary>Reads a value.</summary>
    /// <typeparam name="TValue">Its type.</typeparam>
    /// <param name="json">Its JSON; null gives the type's default.</param>
    /// <returns>The value.</returns>
    /// <exception cref="JsonException">The JSON is not one of that type.</exception>
    public static TValue Read<TValue>(string? json) =>
        json is null ? default! : JsonSerializer.Deserialize<TValue>(json, OrchestrationJson.Options)!;
}
