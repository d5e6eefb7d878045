using AppAttach.Embedded.Bus.Access;
using Microsoft.Net.Http.Headers;

namespace AppAttach.Embedded.Bus.Rest;

/// <summary>Sending one message, or a batch by its media type.</summary>
/// <param name="broker">The bus.</param>
internal sealed class SendOperation(BusBroker broker)
{
    /// <summary>Message property with the name of the host whose key a message was sent with, in lower case.</summary>
    public const string SenderProperty = "sent-by-host";

    /// <summary>Sends: 201, once it is committed.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">Queue or topic.</param>
    /// <returns>A task that completes when it is answered.</returns>
    public async Task RunAsync(HttpContext context, string path)
    {
        var request = context.Request;
        var body = await ReadBodyAsync(request, context.RequestAborted);
        var batch = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(BatchBody.ContentType, StringComparison.OrdinalIgnoreCase);
        IReadOnlyList<BusMessage> messages = batch
            ? BatchBody.Read(body)
            :
            [
                BrokerPropertiesHeader.Apply(request.Headers[BrokerPropertiesHeader.Name], new BusMessage
                {
                    Body = body,
                    ContentType = request.ContentType,
                    Properties = CustomPropertyHeaders.Read(request.Headers),
                }),
            ];
        await broker.SendAsync(path, [.. messages.Select(message => Stamp(message, request))], context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status201Created;
    }

    /// <summary>Says whose key a message came with; the token was checked before. What the sender itself says of that does not count.</summary>
    private static BusMessage Stamp(BusMessage message, HttpRequest request)
    {
        var host = BusAccess.HostOf(SharedAccessSignature.Read(request.Headers.Authorization)?.KeyName);
        if (host is null && !message.Properties.ContainsKey(SenderProperty))
        {
            return message;
        }

        var properties = new Dictionary<string, object>(message.Properties, StringComparer.OrdinalIgnoreCase);
        properties.Remove(SenderProperty);
        if (host is not null)
        {
            properties[SenderProperty] = host;
        }

        return message with { Properties = properties };
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > BusMessage.LargestBytes)
        {
            throw TooLarge();
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + count > BusMessage.LargestBytes)
            {
                throw TooLarge();
            }

            await body.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return body.ToArray();
    }

    private static BusException TooLarge() =>
        new(BusError.TooLarge, $"The body is larger than {BusMessage.LargestBytes} bytes, the most that is allowed.");
}
