using AppAttach.Api.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace AppAttach.Api.Endpoints;

/// <summary>The part of the API that tells what changes, as server-sent events (WHATWG HTML §9.2), resumable by <c>Last-Event-ID</c>.</summary>
internal static class ChangeEndpoints
{
    public static void MapChanges(this RouteGroupBuilder api) => api.MapGet("/events", (HttpContext context, ChangeFeed feed, IHostApplicationLifetime lifetime) =>
        {
            // An open stream must not keep the host from stopping.
            var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            context.Response.RegisterForDispose(ended);
            var last = context.Request.Headers["Last-Event-ID"].ToString();
            return TypedResults.ServerSentEvents(feed.FollowAsync(last.Length > 0 ? last : null, ended.Token));
        })
        .WithSummary("Follows what changes in the catalog; the header Last-Event-ID goes on after a notice.");
}
