using AppAttach.Contracts;
using AppAttach.Embedded.Hosting;
using AppAttach.FleetSimulator.Hosts;
using AppAttach.FleetSimulator.Running;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.FleetSimulator.Tests;

/// <summary>The audit is worth what it finds: each thing that must not be is made so, in a fleet that is well otherwise.</summary>
public sealed class FleetAuditTests : IAsyncLifetime
{
    private const string Pool = "office";
    private const string RolloutId = "rollout-00000000000000000000000000000001";
    private static readonly PackageReference App = FleetFolder.PackageOf("Contoso.Editor", "1.0.0.0");
    private static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private readonly FleetFolder _folder = new(new EmbeddedSettings
    {
        Regions = [FleetFolder.Region], Pools = [new PoolOptions(Pool, FleetFolder.Region)], Assignments = [],
    });

    private readonly Fleet _fleet = new(new Uri("http://127.0.0.1:9/"), TimeProvider.System, 1, Faults.None);
    private SimulatedHost _host = null!;

    private FleetAudit Audit => new(_folder, _fleet);

    public async ValueTask InitializeAsync()
    {
        _host = _fleet.Add("host-0", Pool, "key", "key");
        await _folder.ReleaseAsync(App, Now);
        await WriteAsync(DocumentKinds.Assignments, AssignmentRecord.KeyOf(App.FamilyName, Pool), new AssignmentRecord(App.FamilyName, Pool, []));
        await WritePlanAsync(Planned());
        _host.Machine.Put(new StagedPackage(App, _folder.PlannedOf(App).Image, []));
    }

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task FleetThatIsWell_IsFoundSo()
    {
        _fleet.CarriedOut("host-0", Outcome("c"));

        Assert.Empty(await Audit.FindUnfinishedAsync());
        Assert.Empty(await Audit.FindViolationsAsync());
    }

    [Fact]
    public async Task HostThatLostItsApp_IsNotAtItsEnd()
    {
        _host.Machine.Rebuild();
        Assert.Contains("should have", Assert.Single(await Audit.FindUnfinishedAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImageDeletedUnderAHost_IsFound()
    {
        File.Delete(_folder.PlannedOf(App).Image.Path);
        await RequireFoundAsync("was deleted");
    }

    [Fact]
    public async Task CommandCarriedOutTwice_IsFound()
    {
        _fleet.CarriedOut("host-0", Outcome("c"));
        _fleet.CarriedOut("host-0", Outcome("c"));
        await RequireFoundAsync("twice");
    }

    [Fact]
    public async Task FamilyThatIsTwiceInAPlan_IsFound()
    {
        await WritePlanAsync(Planned(), Planned());
        await RequireFoundAsync("is 2 times in the plan");
    }

    [Fact]
    public async Task CurrentReleaseThatNobodyIsAssigned_IsFound()
    {
        await _folder.Catalog.DeleteAsync(DocumentKinds.Assignments, AssignmentRecord.KeyOf(App.FamilyName, Pool), CancellationToken.None);
        await RequireFoundAsync("not assigned");
    }

    [Fact]
    public async Task CurrentReleaseThatWasRetired_IsFound()
    {
        await WriteAsync(DocumentKinds.Releases, App.FullName, (await _folder.FindAsync<ReleaseRecord>(DocumentKinds.Releases, App.FullName))! with { RetiredAt = Now });
        await RequireFoundAsync("retired");
    }

    [Fact]
    public async Task RingPassedWithABrokenGate_IsFound()
    {
        await WriteRolloutAsync(RingPhase.Passed, HostProgress.Failed);
        await RequireFoundAsync("passed the ring first");
    }

    [Fact]
    public async Task RingBegunBehindOneThatHadNotPassed_IsFound()
    {
        await WriteRolloutAsync(RingPhase.Registering, HostProgress.Staged, RingPhase.Staging);
        await RequireFoundAsync("went into the ring rest");
    }

    [Fact]
    public async Task HostCountedAsGoodThatDidNothing_IsFound()
    {
        await WriteRolloutAsync(RingPhase.Passed, HostProgress.Registered);
        await RequireFoundAsync("counts host-0 as registered");
    }

    private static CommandOutcome Outcome(string id) => new()
    {
        CommandId = id, Host = "host-0", Kind = CommandKind.Stage, Result = OutcomeResult.Succeeded, CompletedAt = Now,
    };

    private AppPlan Planned() => new(App.FamilyName) { Current = _folder.PlannedOf(App) };

    private async Task RequireFoundAsync(string part) =>
        Assert.Contains(await Audit.FindViolationsAsync(), violation => violation.Contains(part, StringComparison.Ordinal));

    private Task WritePlanAsync(params AppPlan[] apps) => WriteAsync(DocumentKinds.Plans, PoolPlan.KeyOf(Pool), new PoolPlan(Pool) { Apps = apps });

    private async Task WriteRolloutAsync(RingPhase first, HostProgress progress, RingPhase rest = RingPhase.Waiting)
    {
        RolloutRing Ring(string name, RingPhase phase) => new(new RingDefinition { Name = name, Gate = new GateDefinition() }, phase) { Batches = name == "first" ? 1 : 0 };
        await WriteAsync(DocumentKinds.Rollouts, RolloutId, new RolloutRecord
        {
            Id = RolloutId, Package = App, Pool = Pool, State = RolloutState.Completed, Hosts = [], Rings = [Ring("first", first), Ring("rest", rest)], StartedAt = Now, UpdatedAt = Now,
        });
        await WriteAsync(DocumentKinds.RolloutHosts, RolloutBatch.KeyOf(RolloutId, 0, 0), new RolloutBatch(RolloutId, 0, 0, [new RolloutHost("host-0", progress, progress == HostProgress.Failed ? "mount-failed" : null)]));
    }

    private Task WriteAsync<TDocument>(string kind, string key, TDocument document)
        where TDocument : class => _folder.Catalog.UpdateAsync<TDocument>(kind, key, _ => document, CancellationToken.None);
}
