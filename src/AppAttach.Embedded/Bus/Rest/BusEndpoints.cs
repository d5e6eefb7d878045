using AppAttach.Embedded.Bus.Access;

namespace AppAttach.Embedded.Bus.Rest;

/// <summary>
/// The paths of the Service Bus runtime REST API (learn.microsoft.com/rest/api/servicebus). Names of entities are one segment, so
/// that the rest of the host's paths stay free. Anything else on these paths is left to routing: 404, or 405 for the method.
/// </summary>
internal static class BusEndpoints
{
    private const string EntityName = "entity";
    private const string SubscriptionName = "subscription";

    private static readonly (string Route, Func<HttpRequest, string> Path)[] Holders =
    [
        ("/{entity}", Target),
        ("/{entity}/$DeadLetterQueue", request => BusPath.OfDeadLetters(Target(request))),
        ("/{entity}/subscriptions/{subscription}", Subscription),
        ("/{entity}/subscriptions/{subscription}/$DeadLetterQueue", request => BusPath.OfDeadLetters(Subscription(request))),
    ];

    /// <summary>Maps the seven operations.</summary>
    /// <param name="routes">Where to map them.</param>
    /// <param name="broker">The bus.</param>
    /// <param name="access">Who may do what.</param>
    /// <param name="logger">Where to log.</param>
    /// <returns>The group, for the host's own conventions.</returns>
    public static RouteGroupBuilder MapBus(this IEndpointRouteBuilder routes, BusBroker broker, BusAccess access, ILogger logger)
    {
        var group = routes.MapGroup(string.Empty);
        var send = new SendOperation(broker);
        var receive = new ReceiveOperation(broker, logger);
        var settle = new SettleOperation(broker);
        group.MapPost("/{entity}/messages", Guarded(Target, BusRights.Send, send.RunAsync));
        foreach (var (route, path) in Holders)
        {
            group.MapPost(route + "/messages/head", Guarded(path, BusRights.Listen, receive.PeekLockAsync));
            group.MapDelete(route + "/messages/head", Guarded(path, BusRights.Listen, receive.ReceiveAndDeleteAsync));
            const string Locked = "/messages/{message}/{token}";
            group.MapDelete(route + Locked, Guarded(path, BusRights.Listen, settle.CompleteAsync));
            group.MapPut(route + Locked, Guarded(path, BusRights.Listen, settle.UnlockAsync));
            group.MapPost(route + Locked, Guarded(path, BusRights.Listen, settle.RenewAsync));
        }

        return group;

        RequestDelegate Guarded(Func<HttpRequest, string> pathOf, BusRights right, Func<HttpContext, string, Task> operation) => async context =>
        {
            var path = pathOf(context.Request);
            if (access.Refusal(context.Request.Headers.Authorization, right, path) is { } refusal)
            {
                // The caller learns nothing, not even whether the entity exists; the log says why.
                logger.RequestUnauthorized(path, refusal);
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = "SharedAccessSignature";
                return;
            }

            try
            {
                await operation(context, path);
            }
            catch (BusException e) when (!context.Response.HasStarted)
            {
                await BusErrorResponse.WriteAsync(context.Response, (int)e.Error, e.Message);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // Nobody is there to answer.
            }
        };
    }

    private static string Target(HttpRequest request) => Value(request, EntityName);

    private static string Subscription(HttpRequest request) =>
        BusPath.OfSubscription(Value(request, EntityName), Value(request, SubscriptionName));

    private static string Value(HttpRequest request, string name) => request.RouteValues[name] as string ?? string.Empty;
}
