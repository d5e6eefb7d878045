using AppAttach.Pipeline.Rollout;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace AppAttach.Functions.Triggers;

/// <summary>Answers <c>DELETE /api/v1/hosts/NAME</c>: the host is gone for good; the caller needs a function key.</summary>
/// <param name="retirement">Forgets it.</param>
public sealed class HostsFunction(HostRetirement retirement)
{
    /// <summary>Forgets a host, its subscription and the commands in it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">The host.</param>
    /// <param name="cancellationToken">The caller is gone, or the host is stopping.</param>
    /// <returns>204, or 404 if there is no such host.</returns>
    [Function("RetireHost")]
    public async Task<IActionResult> RetireAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "v1/hosts/{name}")] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        await retirement.RetireAsync(name, cancellationToken) ? new NoContentResult() : new NotFoundResult();
}
