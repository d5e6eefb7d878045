using AppAttach.Api.Answers;
using AppAttach.Api.Views;
using AppAttach.Pipeline.Retention;
using AppAttach.Pipeline.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AppAttach.Api.Endpoints;

/// <summary>The part of the API that puts documents together as people look at them.</summary>
internal static class ViewEndpoints
{
    public static void MapViews(this RouteGroupBuilder api)
    {
        api.MapGet("/overview", async (HttpContext context, OverviewReader overview, CancellationToken cancellationToken) =>
            ApiAnswers.Document(context, await overview.ReadAsync(cancellationToken))).AsDocument<FleetOverview>("Reads the fleet at one look, what needs a human first.");
        api.MapGet("/packages/{id}/story", async (HttpContext context, string id, StoryReader story, CancellationToken cancellationToken) =>
            ApiAnswers.Document(context, await story.OfPackageAsync(id, cancellationToken))).AsDocument<PackageStory>("Reads a package's way from drop to hosts.");
        api.MapGet("/rollouts/{id}/grid", async (HttpContext context, string id, RolloutViews rollouts, CancellationToken cancellationToken) =>
            ApiAnswers.Document(context, await rollouts.GridAsync(id, cancellationToken))).AsDocument<RolloutGrid>("Reads a rollout with every host, ring by ring.");
        api.MapGet("/hosts/{host}/story", async (HttpContext context, string host, StoryReader story, CancellationToken cancellationToken) =>
            ApiAnswers.Document(context, await story.OfHostAsync(host, cancellationToken))).AsDocument<HostStory>("Reads a host against what it should have.");
        api.MapGet("/hosts/{host}/packages/{package}/why", async (HttpContext context, string host, string package, WhyReader why, CancellationToken cancellationToken) =>
            ApiAnswers.Document(context, await why.ReadAsync(package, host, cancellationToken))).AsDocument<WhyAnswer>("Says why a package is, or is not, on a host.");
        api.MapGet("/retention", async (HttpContext context, RetentionSweep retention, CancellationToken cancellationToken) =>
            ApiAnswers.Document(context, await retention.RunAsync(isDryRun: true, cancellationToken))).WithSummary("Says what retention would delete now.");
    }
}
