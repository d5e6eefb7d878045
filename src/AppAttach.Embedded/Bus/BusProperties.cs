using System.Text.Json;

namespace AppAttach.Embedded.Bus;

/// <summary>Custom properties between JSON and the four types that this bus knows: string, bool, long, double.</summary>
internal static class BusProperties
{
    /// <summary>Reads a JSON value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The property's value; null if the type is none of the four.</returns>
    public static object? FromJson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.TryGetDouble(out var real) && double.IsFinite(real) ? real : null,
        _ => null,
    };

    /// <summary>Writes a JSON value in ASCII, as headers need it.</summary>
    /// <param name="value">A string, bool, long or double.</param>
    /// <returns>The value's JSON.</returns>
    public static JsonElement ToJson(object value) => value switch
    {
        string text => JsonSerializer.SerializeToElement(text),
        bool flag => JsonSerializer.SerializeToElement(flag),
        long whole => JsonSerializer.SerializeToElement(whole),
        double real => JsonSerializer.SerializeToElement(real),
        _ => throw new ArgumentException($"A property of type {value.GetType().Name} was given; string, bool, long and double are known.", nameof(value)),
    };
}
