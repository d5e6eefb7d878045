using System.Text.Json;
using System.Text.Json.Nodes;
using AppAttach.Contracts;
using AppAttach.FleetSimulator.Hosts;

namespace AppAttach.FleetSimulator.Running;

/// <summary>Another system that asks the pipeline for things, over the queue <c>requests</c>.</summary>
/// <param name="bus">The bus, with a key that may send there.</param>
/// <param name="clock">The clock.</param>
internal sealed class FleetAdmin(BusConnection bus, TimeProvider clock)
{
    private const string Source = "/fleet/admin";
    private int _requests;

    /// <summary>Sends a request and goes on as soon as the bus has it.</summary>
    /// <param name="verb">What is asked for.</param>
    /// <param name="data">Its content.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="replyTo">Queue for the answer; null: none.</param>
    /// <returns>Id of the request.</returns>
    public async Task<string> AskAsync(RequestVerb verb, JsonObject data, CancellationToken cancellationToken, string? replyTo = null)
    {
        var id = FormattableString.Invariant($"request-{++_requests}");
        var envelope = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = id,
            ["source"] = Source,
            ["type"] = MessageTypes.OfRequest(verb),
            ["time"] = clock.GetUtcNow(),
            ["data"] = data,
        };
        await bus.SendAsync(BusEntities.Requests, JsonSerializer.SerializeToUtf8Bytes(envelope), id, cancellationToken, replyTo);
        return id;
    }

    /// <summary>Takes the next message of a queue or subscription.</summary>
    /// <param name="queue">The queue, or <c>TOPIC/subscriptions/NAME</c>.</param>
    /// <param name="wait">How long to wait.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its body; null: none came.</returns>
    public async Task<byte[]?> TakeAsync(string queue, TimeSpan wait, CancellationToken cancellationToken)
    {
        var (_, body, address) = await bus.ReceiveAsync(queue, wait, cancellationToken);
        if (body is not null)
        {
            await bus.CompleteAsync(address!, cancellationToken);
        }

        return body;
    }
}
