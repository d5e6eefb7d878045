using AppAttach.Api.Answers;
using AppAttach.Api.Views;
using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Rollout;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace AppAttach.Api.Endpoints;

/// <summary>The part of the API that lists the catalog: one path for each kind of document, paged and filtered, with ETags.</summary>
internal static class ListEndpoints
{
    public static void MapLists(this RouteGroupBuilder api)
    {
        MapList<PackageRecord>(api, "packages", DocumentKinds.Packages, package => package.Id, new()
        {
            ["state"] = package => KebabCaseName.Of(package.State), ["family"] = package => package.Package?.FamilyName, ["drop"] = package => package.Drop, ["code"] = package => package.Code,
            [ApiAnswers.Search] = package => $"{package.Drop} {package.Package?.FullName}",
        });
        MapList<ReleaseRecord>(api, "releases", DocumentKinds.Releases, release => release.Package.FullName, new() { ["family"] = release => release.Package.FamilyName });
        MapList<AssignmentRecord>(api, "assignments", DocumentKinds.Assignments, assignment => AssignmentRecord.KeyOf(assignment.Family, assignment.Pool), new()
        {
            ["family"] = assignment => assignment.Family, ["pool"] = assignment => assignment.Pool,
        });
        MapRollouts(api);
        MapHosts(api);
        MapList<PoolPlan>(api, "plans", DocumentKinds.Plans, plan => PoolPlan.KeyOf(plan.Pool), []);
        MapList(api, "requests", DocumentKinds.Requests, record => record.Request.Id, RequestFilters);
        MapCopies(api);
        MapAudit(api);
        MapRolloutHosts(api);
    }

    private static Dictionary<string, Func<RequestRecord, StringValues>> RequestFilters => new()
    {
        ["verb"] = record => KebabCaseName.Of(record.Request.Verb), ["by"] = record => record.Request.RequestedBy, ["pool"] = record => record.Request.Pool,
        ["code"] = record => record.Reply?.Code,
    };

    private static void MapList<TDocument>(
        RouteGroupBuilder api, string path, string kind, Func<TDocument, string> keyOf, Dictionary<string, Func<TDocument, StringValues>> filters)
        where TDocument : class
    {
        api.MapGet("/" + path, async (HttpContext context, ICatalog catalog, CancellationToken cancellationToken) =>
            ApiAnswers.Page(context, await catalog.ReadAllAsync<TDocument>(kind, cancellationToken), keyOf, filters)).AsPage<TDocument>($"Lists {path}.", filters.Keys);
        MapOne<TDocument>(api, path, kind);
    }

    private static void MapOne<TDocument>(RouteGroupBuilder api, string path, string kind)
        where TDocument : class =>
        api.MapGet("/" + path + "/{key}", async (HttpContext context, string key, ICatalog catalog, CancellationToken cancellationToken) =>
            ApiAnswers.Document(context, (await catalog.ReadAsync<TDocument>(kind, key, cancellationToken))?.Document)).AsDocument<TDocument>($"Reads one of the {path}.");

    private static void MapRollouts(RouteGroupBuilder api)
    {
        var filters = new Dictionary<string, Func<RolloutRecord, StringValues>>
        {
            ["state"] = rollout => KebabCaseName.Of(rollout.State), ["pool"] = rollout => rollout.Pool,
            ["family"] = rollout => rollout.Package.FamilyName, ["package"] = rollout => rollout.Package.FullName,
            [ApiAnswers.Search] = rollout => $"{rollout.Package.FullName} {rollout.Pool}",
        };
        api.MapGet("/rollouts", async (HttpContext context, FleetLooks looks, RolloutViews views, CancellationToken cancellationToken) => await ApiAnswers.PageAsync(
            context, await looks.Rollouts.ReadAsync(cancellationToken), rollout => rollout.Id, filters, rollouts => views.SummariseAsync(rollouts, cancellationToken)))
            .AsPage<RolloutSummary>("Lists rollouts, their rings counted as of now.", filters.Keys);
        MapOne<RolloutRecord>(api, "rollouts", DocumentKinds.Rollouts);
    }

    private static void MapHosts(RouteGroupBuilder api)
    {
        string[] filters = ["pool", "condition", ApiAnswers.Search];
        api.MapGet("/hosts", async (HttpContext context, FleetLooks looks, ICatalog catalog, TimeProvider clock, CancellationToken cancellationToken) =>
        {
            var now = clock.GetUtcNow();
            return await ApiAnswers.PageAsync<HostLook, HostRecord>(
                context,
                await looks.Hosts.ReadAsync(cancellationToken),
                host => host.Host,
                new Dictionary<string, Func<HostLook, StringValues>>
                {
                    [filters[0]] = host => host.Pools, [filters[1]] = host => KebabCaseName.Of(HostConditions.Of(host, now)), [filters[2]] = host => host.Host,
                },
                async hosts => [.. (await Task.WhenAll(hosts.Select(host => catalog.ReadAsync<HostRecord>(DocumentKinds.Hosts, host.Host, cancellationToken))))
                    .Select(entry => entry?.Document).OfType<HostRecord>()]);
        }).AsPage<HostRecord>("Lists hosts.", filters);
        MapOne<HostRecord>(api, "hosts", DocumentKinds.Hosts);
    }

    private static void MapCopies(RouteGroupBuilder api)
    {
        var filters = new Dictionary<string, Func<ReleaseCopy, StringValues>> { ["region"] = copy => copy.Region, ["package"] = copy => copy.Package };
        api.MapGet("/copies", async (HttpContext context, ICatalog catalog, CancellationToken cancellationToken) => ApiAnswers.Page(
            context,
            (await catalog.ReadAllAsync<ReleaseRecord>(DocumentKinds.Releases, cancellationToken)).SelectMany(release => release.Copies.Select(copy => new ReleaseCopy(
                release.Package.FullName, copy.Region, copy.Path, release.Image?.Name, release.Image?.Digest, release.Image?.SizeBytes, copy.VerifiedAt))),
            copy => $"{copy.Package} {copy.Region}",
            filters)).AsPage<ReleaseCopy>("Lists the verified copies of images.", filters.Keys);
    }

    private static void MapAudit(RouteGroupBuilder api) =>
        api.MapGet("/audit", async (HttpContext context, ICatalog catalog, CancellationToken cancellationToken) => ApiAnswers.Page(
            context,
            await catalog.ReadAllAsync<RequestRecord>(DocumentKinds.Requests, cancellationToken),
            record => FormattableString.Invariant($"{long.MaxValue - record.ReceivedAt.UtcTicks:x16} {record.Request.Id}"),
            RequestFilters)).AsPage<RequestRecord>("Lists who asked for what, when, and what came of it; the last first.", RequestFilters.Keys);

    private static void MapRolloutHosts(RouteGroupBuilder api)
    {
        var filters = new Dictionary<string, Func<RolloutHost, StringValues>> { ["progress"] = host => KebabCaseName.Of(host.Progress), ["code"] = host => host.Code };
        api.MapGet("/rollouts/{id}/hosts", async (HttpContext context, string id, ICatalog catalog, FleetReader fleet, CancellationToken cancellationToken) =>
        {
            if (await catalog.ReadAsync<RolloutRecord>(DocumentKinds.Rollouts, id, cancellationToken) is not { Document: var rollout })
            {
                return Problems.NotFound($"There is no rollout {id}.");
            }

            var hosts = rollout.Hosts.ToList();
            for (var ring = 0; ring < rollout.Rings.Count; ring++)
            {
                hosts.AddRange(await fleet.HostsOfRingAsync(rollout, ring, cancellationToken));
            }

            return ApiAnswers.Page(context, hosts, member => member.Host, filters);
        }).AsPage<RolloutHost>("Lists the hosts that a rollout has reached.", filters.Keys);
    }
}
