using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Retention;
using AppAttach.Pipeline.Rollout;
using AppAttach.Pipeline.Status;

namespace AppAttach.Embedded.Hosting;

/// <summary>The part of the API that reads: one path for each kind of document, paged, with ETags.</summary>
internal static class FleetEndpoints
{
    /// <summary>Maps it.</summary>
    /// <param name="host">The host.</param>
    public static void MapFleet(this WebApplication host)
    {
        var api = host.MapApi();
        MapList<PackageRecord>(api, "packages", DocumentKinds.Packages, package => package.Id);
        MapList<ReleaseRecord>(api, "releases", DocumentKinds.Releases, release => release.Package.FullName);
        MapList<AssignmentRecord>(api, "assignments", DocumentKinds.Assignments, assignment => AssignmentRecord.KeyOf(assignment.Family, assignment.Pool));
        MapList<RolloutRecord>(api, "rollouts", DocumentKinds.Rollouts, rollout => rollout.Id);
        MapList<HostRecord>(api, "hosts", DocumentKinds.Hosts, record => record.Hello.Host);
        MapList<PoolPlan>(api, "plans", DocumentKinds.Plans, plan => PoolPlan.KeyOf(plan.Pool));
        MapList<RequestRecord>(api, "requests", DocumentKinds.Requests, record => record.Request.Id);
        api.MapGet("/rollouts/{id}/hosts", async (HttpContext context, string id, ICatalog catalog, FleetReader fleet, CancellationToken cancellationToken) =>
        {
            if (await catalog.ReadAsync<RolloutRecord>(DocumentKinds.Rollouts, id, cancellationToken) is not { Document: var rollout })
            {
                return Results.NotFound();
            }

            var hosts = rollout.Hosts.ToList();
            for (var ring = 0; ring < rollout.Rings.Count; ring++)
            {
                hosts.AddRange((await fleet.BatchesAsync(rollout, ring, cancellationToken)).SelectMany(batch => batch.Hosts));
            }

            return ApiAnswers.Page(context, hosts, member => member.Host);
        });
        api.MapGet("/hosts/{host}/packages/{package}/why", async (HttpContext context, string host, string package, WhyReader why, CancellationToken cancellationToken) =>
            ApiAnswers.Document(context, await why.ReadAsync(package, host, cancellationToken)));
        api.MapGet("/retention", async (HttpContext context, RetentionSweep retention, CancellationToken cancellationToken) =>
            ApiAnswers.Document(context, await retention.RunAsync(isDryRun: true, cancellationToken)));
    }

    private static void MapList<TDocument>(RouteGroupBuilder api, string path, string kind, Func<TDocument, string> keyOf)
        where TDocument : class
    {
        api.MapGet("/" + path, async (HttpContext context, ICatalog catalog, CancellationToken cancellationToken) =>
            ApiAnswers.Page(
                context, await catalog.ListAsync<TDocument>(kind, cancellationToken).Select(entry => entry.Document).ToListAsync(cancellationToken), keyOf));
        api.MapGet("/" + path + "/{key}", async (HttpContext context, string key, ICatalog catalog, CancellationToken cancellationToken) =>
            ApiAnswers.Document(context, (await catalog.ReadAsync<TDocument>(kind, key, cancellationToken))?.Document));
    }
}
