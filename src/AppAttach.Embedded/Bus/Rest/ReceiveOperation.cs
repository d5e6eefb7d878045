using System.Globalization;

namespace AppAttach.Embedded.Bus.Rest;

/// <summary>Receiving: the request is held until a message comes or its time is over.</summary>
/// <param name="broker">The bus.</param>
/// <param name="logger">Where to log.</param>
internal sealed class ReceiveOperation(BusBroker broker, ILogger logger)
{
    /// <summary>The longest wait and the one without <c>timeout</c>, in seconds.</summary>
    public const int LongestTimeoutSeconds = 60;

    /// <summary>Peek-lock: 201 with the message, locked, or 204.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The entity.</param>
    /// <returns>A task that completes when it is answered.</returns>
    public async Task PeekLockAsync(HttpContext context, string path)
    {
        if (await ReceiveAsync(context, path) is { } delivery)
        {
            var request = context.Request;
            var place = string.Create(
                CultureInfo.InvariantCulture, $"{delivery.EntityPath}/messages/{delivery.SequenceNumber}/{delivery.LockToken:D}");
            context.Response.Headers.Location = $"{request.Scheme}://{request.Host}{request.PathBase}/{place}";
            await DeliverAsync(context, delivery, StatusCodes.Status201Created);
        }
    }

    /// <summary>Receive and delete: 200 with the message, or 204. It is deleted once it is on its way, not before.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The entity.</param>
    /// <returns>A task that completes when it is answered.</returns>
    public async Task ReceiveAndDeleteAsync(HttpContext context, string path)
    {
        if (await ReceiveAsync(context, path) is { } delivery
            && await DeliverAsync(context, delivery with { LockToken = null, LockedUntil = null }, StatusCodes.Status200OK, delivery.LockToken))
        {
            await broker.CompleteAsync(path, delivery.LockToken!.Value, cancellationToken: CancellationToken.None);
        }
    }

    private static TimeSpan Timeout(HttpRequest request)
    {
        if (!request.Query.TryGetValue("timeout", out var given))
        {
            return TimeSpan.FromSeconds(LongestTimeoutSeconds);
        }

        return int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestTimeoutSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new BusException(
                BusError.BadRequest, $"timeout is \"{given}\"; a whole number of seconds from 0 to {LongestTimeoutSeconds} is needed.");
    }

    private async Task<BusDelivery?> ReceiveAsync(HttpContext context, string path)
    {
        var delivery = await broker.ReceiveAsync(path, Timeout(context.Request), context.RequestAborted);
        if (delivery is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }

        return delivery;
    }

    private Task<bool> DeliverAsync(HttpContext context, BusDelivery delivery, int status) =>
        DeliverAsync(context, delivery, status, delivery.LockToken);

    private async Task<bool> DeliverAsync(HttpContext context, BusDelivery delivery, int status, Guid? lockToken)
    {
        try
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            var response = context.Response;
            response.StatusCode = status;
            response.ContentType = delivery.Message.ContentType;
            response.ContentLength = delivery.Message.Body.Length;
            response.Headers[BrokerPropertiesHeader.Name] = BrokerPropertiesHeader.Write(delivery);
            CustomPropertyHeaders.Write(delivery.Message.Properties, response.Headers);
            await response.Body.WriteAsync(delivery.Message.Body, context.RequestAborted);
            await response.Body.FlushAsync(context.RequestAborted);
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            await broker.UndoReceiveAsync(delivery.EntityPath, lockToken!.Value);
            logger.ReceiverGone(delivery.EntityPath, delivery.SequenceNumber);
            return false;
        }
    }
}
