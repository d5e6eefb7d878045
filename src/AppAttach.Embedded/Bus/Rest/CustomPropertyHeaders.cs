using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AppAttach.Embedded.Bus.Rest;

/// <summary>
/// Custom properties as headers of their own: strings in double quotes with the escapes of JSON, numbers, <c>true</c> and
/// <c>false</c> bare. Names of standard headers are not usable: they are skipped both ways.
/// </summary>
internal static class CustomPropertyHeaders
{
    /// <summary>Most custom properties a message can have.</summary>
    public const int MostProperties = 100;

    private static readonly HashSet<string> Standard = new(
        typeof(HeaderNames).GetFields().Select(field => field.GetValue(null)).OfType<string>()
            .Concat([BrokerPropertiesHeader.Name, "Forwarded", "Via", "Client-IP", "True-Client-IP"]),
        StringComparer.OrdinalIgnoreCase);

    // What proxies and tracing add on the way is not the sender's.
    private static readonly string[] StandardPrefixes = ["X-Forwarded-", "X-Original-", "X-Real-", "X-ms-", "Sec-"];

    /// <summary>Reads the properties of a request.</summary>
    /// <param name="headers">Its headers.</param>
    /// <returns>The properties.</returns>
    /// <exception cref="BusException">A value has none of the forms, or there are too many.</exception>
    public static IReadOnlyDictionary<string, object> Read(IHeaderDictionary headers)
    {
        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
        {
            if (!IsStandard(name))
            {
                properties[name] = Read(name, value);
            }
        }

        return properties.Count <= MostProperties
            ? properties
            : throw new BusException(
                BusError.BadRequest, $"The message has {properties.Count} custom properties; at most {MostProperties} are allowed.");
    }

    /// <summary>Writes the properties of a message; those whose names cannot be a header's are left out.</summary>
    /// <param name="properties">The properties.</param>
    /// <param name="headers">Takes them.</param>
    public static void Write(IReadOnlyDictionary<string, object> properties, IHeaderDictionary headers)
    {
        foreach (var (name, value) in properties)
        {
            if (!IsStandard(name) && name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            {
                headers[name] = JsonSerializer.Serialize(BusProperties.ToJson(value));
            }
        }
    }

    private static bool IsStandard(string name) =>
        Standard.Contains(name) || StandardPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static object Read(string name, StringValues values)
    {
        var text = values.Count == 1 ? values[0]?.Trim() : null;
        if (text is not null)
        {
            try
            {
                using var document = JsonDocument.Parse(text);
                if (BusProperties.FromJson(document.RootElement) is { } value)
                {
                    return value;
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Not JSON, or a string with half a surrogate pair. Told below, with the header's name.
            }
        }

        throw new BusException(
            BusError.BadRequest,
            string.Create(CultureInfo.InvariantCulture, $"The header {name} has to be one string in double quotes, a number, true or false."));
    }
}
