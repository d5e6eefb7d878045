using System.Globalization;
using AppAttach.Contracts;
using AppAttach.Embedded.Engine;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Requests;
using AppAttach.Pipeline.Rollout;
using AppAttach.Pipeline.Tests.Ports;

namespace AppAttach.Pipeline.Tests.Rollout;

/// <summary>
/// A fleet that fails, falls silent, repeats itself and is told contradictory things, from a seed; then everything works again, and it
/// must come to what its assignment wants. <c>APPATTACH_SEEDS</c> says how many seeds are tried; 10 unless it does.
/// </summary>
public sealed class RolloutPropertyTests
{
    private const string Pool = "pool-east";
    private const int Hosts = 12;
    private const int Actions = 12;
    private static readonly string[] Names = [.. Enumerable.Range(0, Hosts).Select(number => $"host-{number}")];

    public static TheoryData<int> Seeds =>
        [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("APPATTACH_SEEDS") ?? "10", CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task WhateverHappens_TheFleetConvergesAndNoBrokenGateIsPassed(int seed)
    {
        var random = new Random(seed);
        await using var host = new PipelineTestHost("east") { EngineOptions = new EngineOptions() };
        await PrepareAsync(host);
        host.Bus.Answers = command => Answer(command, random);
        var deliver = host.Bus.Delivers;
        host.Bus.Delivers = async outcome =>
        {
            await deliver(outcome);
            if (Draw(random, 4) == 0)
            {
                await deliver(outcome);
            }
        };

        for (var action = 0; action < Actions; action++)
        {
            await ActAsync(host, random, seed, action);
            await PassAsync(host);
        }

        host.Bus.Answers = MemoryBus.Succeeded;
        await ConvergeAsync(host, seed);
        AssertGates(host);
        Assert.All(
            host.Catalog.All<RolloutRecord>(DocumentKinds.Rollouts),
            rollout => Assert.False(rollout.State is RolloutState.Running or RolloutState.Paused or RolloutState.Halted, $"{rollout.Id} is {rollout.State}"));
    }

    private static int Draw(Random random, int below)
    {
        lock (random)
        {
            return random.Next(below);
        }
    }

    private static CommandOutcome? Answer(HostCommand command, Random random)
    {
        return Draw(random, 20) switch
        {
            0 => null,
            < 4 => MemoryBus.Failed(command, ErrorCodes.MountFailed),
            _ => MemoryBus.Succeeded(command),
        };
    }

    private static async Task PrepareAsync(PipelineTestHost host)
    {
        var key = AssignmentRecord.KeyOf("*", Pool);
        var entry = await host.Catalog.ReadAsync<AssignmentRecord>(DocumentKinds.Assignments, key, default);
        var assignment = entry!.Document with
        {
            Rings =
            [
                new RingDefinition { Name = "first", Hosts = ["host-0", "host-1"] },
                new RingDefinition { Name = "second", Percent = 40 },
                new RingDefinition { Name = "rest" },
            ],
            Gate = new GateDefinition { MaxFailedPercent = 40, Soak = TimeSpan.FromMinutes(5) },
        };
        await host.Catalog.WriteAsync(DocumentKinds.Assignments, key, assignment, entry.ETag, default);
        await host.StartAsync();
        foreach (var name in Names)
        {
            await host.HelloAsync(name, Pool);
        }
    }

    private static async Task ActAsync(PipelineTestHost host, Random random, int seed, int action)
    {
        var verb = Draw(random, 6) switch
        {
            0 => RequestVerb.Pause,
            1 => RequestVerb.Resume,
            2 => RequestVerb.RollBack,
            3 => RequestVerb.Reconcile,
            _ => (RequestVerb?)null,
        };
        if (verb is { } asked)
        {
            await host.Get<RequestHandler>().HandleAsync(
                new PipelineRequest { Id = $"{seed}-{action}", Verb = asked, RequestedBy = "/test", Family = Packages.SampleFamily, Pool = Pool },
                CancellationToken.None);
            return;
        }

        await ReleaseAsync(host, $"{action + 1}.0.0.0");
    }

    private static async Task ReleaseAsync(PipelineTestHost host, string version)
    {
        var package = new PackageReference(
            Packages.SampleFullName.Replace("1.2.3.4", version, StringComparison.Ordinal), Packages.SampleFamily, version, "x64");
        var release = new ReleaseRecord
        {
            Package = package,
            PackageDigest = version,
            Image = new ImageDescription(package.FullName + ".vhdx", version, 1, "vhdx", "apps", 1, 1),
            Copies = [new RegionCopy("east", $"//east/{package.FullName}.vhdx", host.Clock.GetUtcNow())],
            ClaimedAt = host.Clock.GetUtcNow(),
        };
        await host.Catalog.WriteAsync(DocumentKinds.Releases, package.FullName, release, null, default);
        await host.Get<RolloutStarter>().StartForRegionAsync(release, "east", CancellationToken.None);
    }

    /// <summary>Time passes: whatever waits for it goes on, and hosts say hello.</summary>
    private static async Task PassAsync(PipelineTestHost host)
    {
        host.Clock.Advance(TimeSpan.FromMinutes(7));
        foreach (var name in Names)
        {
            await host.HelloAsync(name, Pool);
        }
    }

    private static async Task ConvergeAsync(PipelineTestHost host, int seed)
    {
        await host.Get<RequestHandler>().HandleAsync(
            new PipelineRequest { Id = $"{seed}-last", Verb = RequestVerb.Resume, RequestedBy = "/test", Family = Packages.SampleFamily, Pool = Pool },
            CancellationToken.None);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await PassAsync(host);
                return host.Engine.List().All(status => status.State != OrchestrationState.Running) && Troubles(host).Count == 0;
            },
            $"seed {seed}: the fleet has what it should have");
        Assert.Empty(Troubles(host));
    }

    private static List<string> Troubles(PipelineTestHost host)
    {
        var app = host.Catalog.Find<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(Pool))?.Find(Packages.SampleFamily);
        return [.. Names.Where(name => (app is null ? null : WantedApp.BaseOf(app, name)?.Package.FullName) is { } wanted
            ? host.Bus.InventoryOf(name) is not [{ RegisteredUsers.Count: > 0 } item] || item.PackageFullName != wanted
            : host.Bus.InventoryOf(name).Count > 0)];
    }

    private static void AssertGates(PipelineTestHost host)
    {
        foreach (var rollout in host.Catalog.All<RolloutRecord>(DocumentKinds.Rollouts))
        {
            foreach (var ring in rollout.Rings.Where(ring => ring.Phase == RingPhase.Passed))
            {
                Assert.Null(GateRule.Judge(ring.Definition.Gate!, ring.Tally));
            }

            var firstNotPassed = rollout.Rings.TakeWhile(ring => ring.Phase == RingPhase.Passed).Count();
            Assert.All(rollout.Rings.Skip(firstNotPassed + 1), ring => Assert.Equal(RingPhase.Waiting, ring.Phase));
        }
    }
}
