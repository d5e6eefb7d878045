using AppAttach.Pipeline.Catalog;

namespace AppAttach.Embedded.Tests.EndToEnd;

/// <summary>The host is killed with SIGKILL at each step of the flow, started again, and comes to the end it would have come to.</summary>
[Collection(ProcessCollection.Name)]
public sealed class HostKilledTests(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    // What was being handed out when the host died is handed out again when its lock has run out, after a minute; and a listener that
    // met a dead host again and again waits up to a minute before it tries once more. Mostly neither happens.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(240);

    private static readonly Dictionary<string, Func<TestFleet, Task<bool>>> Steps = new()
    {
        ["dropped, not noticed"] = _ => Task.FromResult(true),
        ["verified"] = async fleet => (await fleet.ListAsync<PackageRecord>(DocumentKinds.Packages)).Count == 1,
        ["image half written"] = fleet => Task.FromResult(fleet.Files("images", "*.writing").Any(file => file.Length > 4 << 20)),
        ["image visible"] = fleet => Task.FromResult(fleet.Files("images", "*.vhdx").Any()),
        ["image recorded"] = async fleet => (await fleet.ListAsync<ReleaseRecord>(DocumentKinds.Releases)).Any(release => release.Image is not null),
        ["copy half made"] = fleet => Task.FromResult(fleet.Files("shares", "*.copying").Any(file => file.Length > 4 << 20)),
        ["copy visible"] = fleet => Task.FromResult(fleet.Files("shares", "*.vhdx").Any()),
        ["copy released"] = async fleet => (await fleet.ListAsync<ReleaseRecord>(DocumentKinds.Releases)).Any(release => release.Copies.Count > 0),
        ["rollout recorded"] = async fleet => (await fleet.ListAsync<RolloutRecord>(DocumentKinds.Rollouts)).Count > 0,
        ["a host is staging"] = fleet => Task.FromResult(fleet.Files("hosts", "*.json").Any(file => file.Directory!.Name == "packages")),
        ["a host has staged"] = async fleet => (await fleet.ListAsync<RolloutBatch>(DocumentKinds.RolloutHosts))
            .Any(batch => batch.Hosts.Any(host => host.Progress >= HostProgress.Staged)),
        ["a host has registered"] = fleet => Task.FromResult(fleet.Files("hosts", "registered.json").Any()),
        ["a rollout is completed"] = async fleet => (await fleet.ListAsync<RolloutRecord>(DocumentKinds.Rollouts))
            .Any(rollout => rollout.State == RolloutState.Completed),
        ["verdict recorded"] = async fleet => (await fleet.ListAsync<PackageRecord>(DocumentKinds.Packages))
            .Any(package => package.State == PackageState.Released),
    };

    public static TheoryData<string> StepNames => [.. Steps.Keys];

    [Theory]
    [MemberData(nameof(StepNames))]
    public async Task KilledAtAStep_EndsAsIfItHadNotBeen(string step)
    {
        await using var fleet = new TestFleet();
        await fleet.StartAsync();
        await fleet.DropAsync(undisturbed.Package);
        await Eventually.IsTrueAsync(() => Steps[step](fleet), step);
        await fleet.KillHostAsync();

        await fleet.StartHostAsync();
        Assert.Equal(undisturbed.End, await fleet.EndAsync(Limit));
    }

    [Fact]
    public async Task KilledAtEveryStepOfOneFlow_EndsAsIfItHadNotBeen()
    {
        await using var fleet = new TestFleet();
        await fleet.StartAsync();
        await fleet.DropAsync(undisturbed.Package);
        foreach (var step in Steps.Keys)
        {
            // An unfinished file may have been finished while the host started: then there is nothing to wait for.
            await Eventually.IsTrueAsync(
                async () => await Steps[step](fleet) || (step.Contains("half", StringComparison.Ordinal) && fleet.Files("shares", "*.vhdx").Any()), step, Limit);
            await fleet.KillHostAsync();
            await fleet.StartHostAsync();
        }

        Assert.Equal(undisturbed.End, await fleet.EndAsync(Limit));
    }
}
