using System.Text;
using System.Text.Json;

namespace AppAttach.Embedded.Bus.Rest;

/// <summary>A body of several messages: <c>[{"Body":"…","BrokerProperties":{…},"UserProperties":{…}}]</c>.</summary>
internal static class BatchBody
{
    /// <summary>Media type of such a body.</summary>
    public const string ContentType = "application/vnd.microsoft.servicebus.json";

    /// <summary>Reads the messages.</summary>
    /// <param name="body">The body.</param>
    /// <returns>The messages, one or more.</returns>
    /// <exception cref="BusException">The body has another form.</exception>
    public static IReadOnlyList<BusMessage> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() == 0)
            {
                throw new BusException(BusError.BadRequest, "A batch has to be a JSON array of one or more messages.");
            }

            return [.. document.RootElement.EnumerateArray().Select(ReadMessage)];
        }
        catch (JsonException e)
        {
            throw new BusException(BusError.BadRequest, $"The batch is not JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // A JSON string with half a surrogate pair parses, and fails when it is read.
            throw new BusException(BusError.BadRequest, "The batch has a string that is not Unicode text.");
        }
    }

    private static BusMessage ReadMessage(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("Body", out var body)
            || body.ValueKind != JsonValueKind.String)
        {
            throw new BusException(BusError.BadRequest, "Each message of a batch has to be an object with a string named Body.");
        }

        var message = new BusMessage { Body = Encoding.UTF8.GetBytes(body.GetString()!), Properties = ReadProperties(element) };
        return element.TryGetProperty(BrokerPropertiesHeader.Name, out var broker) ? BrokerPropertiesHeader.Apply(broker, message) : message;
    }

    private static Dictionary<string, object> ReadProperties(JsonElement element)
    {
        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        if (!element.TryGetProperty("UserProperties", out var given))
        {
            return properties;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw new BusException(BusError.BadRequest, "UserProperties has to be an object.");
        }

        foreach (var member in given.EnumerateObject())
        {
            properties[member.Name] = BusProperties.FromJson(member.Value)
                ?? throw new BusException(BusError.BadRequest, $"The property {member.Name} has to be a string, a number, true or false.");
        }

        return properties;
    }
}
