using System.Net;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Status;

namespace AppAttach.Embedded.Hosting;

/// <summary>The part of the API that tells where everything stands.</summary>
internal static class StatusEndpoints
{
    /// <summary>Path of the status document.</summary>
    public const string StatusPath = "/api/v1/status";

    /// <summary>Serves the status to callers on this machine. From elsewhere the answer is 403: the API has no sign-in yet.</summary>
    /// <param name="host">The host.</param>
    public static void MapStatus(this WebApplication host) => host.MapGet(
        StatusPath,
        async (HttpContext context, StatusReader status, CancellationToken cancellationToken) =>
            context.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller)
                ? Results.Json(await status.ReadAsync(cancellationToken), OrchestrationJson.Options)
                : Results.StatusCode(StatusCodes.Status403Forbidden));
}
