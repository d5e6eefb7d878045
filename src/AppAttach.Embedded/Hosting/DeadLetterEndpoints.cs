using System.Text;
using AppAttach.Embedded.Bus;
using AppAttach.Embedded.Bus.Store;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Hosting;

/// <summary>The part of the API about messages that could not be handled: list them, put them back. The bus records who did it and when.</summary>
internal static class DeadLetterEndpoints
{
    private const int MostAnEntity = 200;
    private const int LongestBody = 4_000;

    /// <summary>Maps it.</summary>
    /// <param name="host">The host.</param>
    public static void MapDeadLetters(this WebApplication host)
    {
        var api = host.MapApi();
        api.MapGet("/dead-letters", async (HttpContext context, BusBroker broker, CancellationToken cancellationToken) =>
            ApiAnswers.Page(
                context, await ListAsync(broker, cancellationToken), letter => FormattableString.Invariant($"{letter.Entity} {letter.SequenceNumber:0000000000}")));
        api.MapPost("/dead-letters/replay", async (HttpContext context, BusBroker broker, CancellationToken cancellationToken) =>
        {
            var asked = await context.Request.ReadFromJsonAsync<DeadLetterReplay>(OrchestrationJson.Options, cancellationToken);
            if (asked is not { Entity: not null, SequenceNumbers: not null })
            {
                return Results.BadRequest();
            }

            var by = context.Request.Headers[RequestEndpoints.ByHeader].ToString() is { Length: > 0 } name ? name : "api";
            try
            {
                var count = await broker.ReplayDeadLettersAsync(asked.Entity, asked.SequenceNumbers, by, cancellationToken);
                return Results.Json(new DeadLetterReplayed(count), OrchestrationJson.Options);
            }
            catch (BusException e)
            {
                return Results.NotFound(e.Message);
            }
        });
    }

    private static async Task<List<DeadLetter>> ListAsync(BusBroker broker, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>();
        foreach (var entity in broker.Entities().Where(entity => entity.Kind == BusEntityKind.DeadLetterQueue))
        {
            var owner = entity.Path[..entity.Path.LastIndexOf('/')];
            letters.AddRange((await broker.PeekAsync(entity.Path, MostAnEntity, cancellationToken: cancellationToken)).Select(delivery => new DeadLetter(
                owner,
                delivery.SequenceNumber,
                delivery.Message.MessageId,
                delivery.Message.Properties.GetValueOrDefault(DeadLetterReasons.ReasonProperty) as string,
                delivery.Message.Properties.GetValueOrDefault(DeadLetterReasons.DescriptionProperty) as string,
                delivery.EnqueuedTime,
                Encoding.UTF8.GetString(delivery.Message.Body.AsSpan(0, Math.Min(delivery.Message.Body.Length, LongestBody))))));
        }

        return letters;
    }
}
