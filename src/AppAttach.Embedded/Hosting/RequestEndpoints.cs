using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Requests;

namespace AppAttach.Embedded.Hosting;

/// <summary>
/// The part of the API that changes things: <c>POST /api/v1/requests/VERB</c> with the content of the request's message. The header
/// <c>Request-Id</c> makes a repetition the same request; <c>Requested-By</c> says who asks, and is believed, for only this machine may call.
/// </summary>
internal static class RequestEndpoints
{
    /// <summary>Header with the request's id.</summary>
    public const string IdHeader = "Request-Id";

    /// <summary>Header with the name of who asks.</summary>
    public const string ByHeader = "Requested-By";

    private const long LargestBytes = 1 << 20;

    /// <summary>Maps it.</summary>
    /// <param name="host">The host.</param>
    public static void MapRequests(this WebApplication host) => host.MapApi().MapPost("/requests/{verb}", HandleAsync);

    private static async Task<IResult> HandleAsync(
        HttpContext context, string verb, RequestHandler handler, CancellationToken cancellationToken)
    {
        var known = Enum.GetValues<RequestVerb>().Where(each => JsonNamingPolicy.KebabCaseLower.ConvertName(each.ToString()) == verb).ToList();
        if (known.Count == 0 || context.Request.ContentLength > LargestBytes)
        {
            return Results.NotFound();
        }

        var headers = context.Request.Headers;
        var id = headers[IdHeader].ToString() is { Length: > 0 } given ? given : Guid.CreateVersion7().ToString("N");
        var by = headers[ByHeader].ToString() is { Length: > 0 } name ? $"/api/{name}" : "/api";
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, default, cancellationToken);
            var reply = await handler.HandleAsync(RequestReader.Read(known[0], id, by, body.RootElement), cancellationToken);
            var status = reply switch
            {
                { IsAccepted: true } => StatusCodes.Status200OK,
                { Code: ErrorCodes.NotFound } => StatusCodes.Status404NotFound,
                _ => StatusCodes.Status409Conflict,
            };
            return Results.Json(reply, OrchestrationJson.Options, statusCode: status);
        }
        catch (Exception e) when (e is MessageInvalidException or JsonException)
        {
            var reply = new RequestReply { RequestId = id, IsAccepted = false, Code = ErrorCodes.MessageInvalid, Message = e.Message };
            return Results.Json(reply, OrchestrationJson.Options, statusCode: StatusCodes.Status400BadRequest);
        }
    }
}
