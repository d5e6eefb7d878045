using AppAttach.Api.Answers;
using AppAttach.Api.Ports;
using AppAttach.Pipeline.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace AppAttach.Api.Endpoints;

/// <summary>The part of the API about messages that could not be handled: list them, put them back.</summary>
internal static class DeadLetterEndpoints
{
    public static void MapDeadLetters(this RouteGroupBuilder operators, RouteGroupBuilder readers)
    {
        var filters = new Dictionary<string, Func<DeadLetter, StringValues>> { ["entity"] = letter => letter.Entity, ["reason"] = letter => letter.Reason };
        readers.MapGet("/dead-letters", async (HttpContext context, IDeadLetterBox box, CancellationToken cancellationToken) => ApiAnswers.Page(
            context, await box.ListAsync(cancellationToken), letter => FormattableString.Invariant($"{letter.Entity} {letter.SequenceNumber:0000000000}"), filters))
            .AsPage<DeadLetter>("Lists messages that could not be handled.", filters.Keys);
        operators.MapPost("/dead-letters/replay", async (HttpContext context, IDeadLetterBox box, CancellationToken cancellationToken) =>
        {
            var asked = await context.Request.ReadFromJsonAsync<DeadLetterReplay>(OrchestrationJson.Options, cancellationToken);
            if (asked is not { Entity: not null, SequenceNumbers: not null })
            {
                return Problems.Invalid("entity and sequenceNumbers are missing.");
            }

            return await box.ReplayAsync(asked, RequestEndpoints.By(context), cancellationToken) is { } count
                ? Results.Json(new DeadLetterReplayed(count), OrchestrationJson.Options)
                : Problems.NotFound($"There is no queue or subscription {asked.Entity}.");
        }).WithSummary("Puts dead letters back, to be handled again.").Accepts<DeadLetterReplay>("application/json").Produces<DeadLetterReplayed>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }
}
