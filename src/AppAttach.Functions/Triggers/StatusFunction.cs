using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace AppAttach.Functions.Triggers;

/// <summary>Answers <c>GET /api/v1/status</c>, as the embedded host does, with the state of the fleet as JSON; the caller needs a function key.</summary>
/// <param name="status">Reads it.</param>
public sealed class StatusFunction(StatusReader status)
{
    /// <summary>Reads the state of the fleet.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">The caller is gone, or the host is stopping.</param>
    /// <returns>The state.</returns>
    [Function("Status")]
    public async Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "v1/status")] HttpRequest request,
        CancellationToken cancellationToken) =>
        new JsonResult(await status.ReadAsync(cancellationToken), OrchestrationJson.Options);
}
