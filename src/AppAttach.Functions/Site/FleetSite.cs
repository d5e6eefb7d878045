using AppAttach.Api;
using Microsoft.AspNetCore.Http;

namespace AppAttach.Functions.Site;

/// <summary>The API and the page, built once.</summary>
/// <param name="services">The app's services.</param>
public sealed class FleetSite(IServiceProvider services)
{
    private readonly RequestDelegate _answer = services.BuildFleetApi();

    /// <summary>Answers a call.</summary>
    /// <param name="context">The call.</param>
    /// <returns>A task that completes when it is answered.</returns>
    public Task AnswerAsync(HttpContext context) => _answer(context);
}
