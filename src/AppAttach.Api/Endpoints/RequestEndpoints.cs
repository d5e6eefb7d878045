using System.Text.Json;
using AppAttach.Api.Access;
using AppAttach.Api.Answers;
using AppAttach.Contracts;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Requests;
using AppAttach.Pipeline.Rollout;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace AppAttach.Api.Endpoints;

/// <summary>
/// The part of the API that changes things: <c>POST /api/v1/requests/VERB</c> with the content of the request's message. The header
/// <c>Request-Id</c> makes a repetition the same request; <c>Requested-By</c> says who asks.
/// </summary>
internal static class RequestEndpoints
{
    /// <summary>Header with the request's id.</summary>
    public const string IdHeader = "Request-Id";

    private const long LargestBytes = 1 << 20;

    public static void MapRequests(this RouteGroupBuilder operators)
    {
        operators.MapPost("/requests/{verb}", HandleAsync)
            .WithMetadata(new SizeLimit(LargestBytes))
            .WithSummary("Asks for something: publish, assign, unassign, start-rollout, pause, resume, roll-back, retire or reconcile.")
            .Accepts<JsonElement>("application/json").Produces<RequestReply>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        operators.MapDelete("/hosts/{host}", async (string host, HostRetirement retirement, CancellationToken cancellationToken) =>
                await retirement.RetireAsync(host, cancellationToken) ? Results.NoContent() : Problems.NotFound($"There is no host {host}."))
            .WithSummary("Forgets a host that is gone for good: its record, its subscription and the commands in it.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Who asks, as the record of requests has it: with what it is known by, unless it sits at this machine.</summary>
    public static string By(HttpContext context)
    {
        var caller = context.Features.Get<ApiCaller>();
        string?[] parts = ["/api", caller is { Proof: not CallerProof.Machine } ? KebabCaseName.Of(caller.Proof) : null, caller?.Name];
        return string.Join('/', parts.OfType<string>());
    }

    private static async Task<IResult> HandleAsync(HttpContext context, string verb, RequestHandler handler, CancellationToken cancellationToken)
    {
        var known = Enum.GetValues<RequestVerb>().Where(each => KebabCaseName.Of(each) == verb).ToList();
        if (known.Count == 0)
        {
            return Problems.NotFound($"There is no request {verb}; there are {string.Join(", ", Enum.GetValues<RequestVerb>().Select(KebabCaseName.Of))}.");
        }

        var id = context.Request.Headers[IdHeader].ToString() is { Length: > 0 } given ? given : Guid.CreateVersion7().ToString("N");
        using var body = await JsonDocument.ParseAsync(context.Request.Body, default, cancellationToken);
        var reply = await handler.HandleAsync(RequestReader.Read(known[0], id, By(context), body.RootElement), cancellationToken);
        return reply.IsAccepted
            ? Results.Json(reply, OrchestrationJson.Options)
            : Problems.Of(
                reply.Code == ErrorCodes.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict,
                reply.Code ?? ErrorCodes.Internal, reply.Message ?? "", new KeyValuePair<string, object?>("requestId", id));
    }

    private sealed record SizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
