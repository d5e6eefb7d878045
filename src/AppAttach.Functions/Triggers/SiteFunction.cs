using AppAttach.Functions.Orchestration;
using AppAttach.Functions.Site;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AppAttach.Functions.Triggers;

/// <summary>
/// Answers every HTTP call with the API and the page of <c>AppAttach.Api</c>, which say themselves who may call: the trigger asks for no function key.
/// The worker's ASP.NET Core integration gives a function the server's own <see cref="HttpContext"/>; what is written to its response goes out as it is.
/// Source: Azure/azure-functions-dotnet-worker, extensions/Worker.Extensions.Http.AspNetCore.
/// </summary>
/// <param name="site">The API and the page.</param>
/// <param name="orchestrations">Takes the client that the function is given.</param>
public sealed class SiteFunction(FleetSite site, DurableOrchestrationClient orchestrations)
{
    /// <summary>Answers one call.</summary>
    /// <param name="request">The call.</param>
    /// <param name="client">Starts rollouts and tells them to stop.</param>
    /// <returns>Nothing more to write.</returns>
    [Function("Site")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "delete", Route = "{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        orchestrations.UseAsync<IActionResult>(client, async () =>
        {
            await site.AnswerAsync(request.HttpContext);
            return new EmptyResult();
        });
}
