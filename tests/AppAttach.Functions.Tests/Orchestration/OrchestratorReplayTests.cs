using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Conversion;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Replication;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Functions.Tests.Orchestration;

public sealed class OrchestratorReplayTests
{
    private static readonly PackageReference App = new("App_1.0.0.0_x64__8wekyb3d8bbwe", "App_8wekyb3d8bbwe", "1.0.0.0", "x64");
    private static readonly ImageDescription Image = new("App_1.0.0.0_x64__8wekyb3d8bbwe.vhdx", new string('a', 64), 4096, "vhdx", "apps", 3, 99);
    private static readonly PackageDrop Drop = new("packages", "App.msix", "0x1", 1234);

    [Fact]
    public void PackageForTwoRegions_IsReleasedInBoth()
    {
        var replay = Publishing(_ => true);

        var result = replay.Run(new PublishPackageOrchestrator(), new PublishPackageInput(Drop));

        Assert.Equal((PackageState.Released, App, null), (result.State, result.Package, result.Code));
        Assert.Equal(
            [
                nameof(VerifyPackageActivity), nameof(ConvertPackageActivity), nameof(ReplicateImageActivity), nameof(ReplicateImageActivity),
                nameof(ReleaseRegionActivity), nameof(ReleaseRegionActivity), nameof(RecordVerdictActivity),
            ],
            replay.Actions.Select(action => action.Name));
        Assert.Equal("\"released\"", replay.Statuses[^1]);
    }

    [Fact]
    public void RegionThatIsAwayForGood_KeepsBackItselfOnly()
    {
        var replay = Publishing(region => region == "west");

        var result = replay.Run(new PublishPackageOrchestrator(), new PublishPackageInput(Drop));

        Assert.Equal((PackageState.PartlyReleased, ErrorCodes.ShareUnavailable), (result.State, result.Code));
        Assert.Equal(40, replay.Actions.Count(action => action.Name == nameof(ReplicateImageActivity) && action.Input.Contains("\"north\"")));
        Assert.Contains("Region north: the share is away", replay.Actions[^1].Input);
    }

    [Fact]
    public void HostsThatAnswer_AreRegistered()
    {
        var replay = RollingOut("h1", "h2");

        var result = replay.Run(new RolloutOrchestrator(), Input());

        Assert.Equal(RolloutState.Completed, result.State);
        Assert.Equal(["h1 Registered", "h2 Registered"], result.Hosts.Select(host => $"{host.Host} {host.Progress}"));
    }

    [Fact]
    public void HostThatIsSilent_IsGivenUpAtTheDeadline()
    {
        var replay = RollingOut("h1", "silent");

        var result = replay.Run(new RolloutOrchestrator(), Input());

        Assert.Equal(RolloutState.Failed, result.State);
        Assert.Equal([(HostProgress.Registered, null), (HostProgress.Failed, ErrorCodes.NoAnswer)], result.Hosts.Select(host => (host.Progress, host.Code)));
        Assert.Equal(new DateTime(2026, 3, 1, 12, 30, 0, DateTimeKind.Utc), replay.Now);
    }

    private static RolloutInput Input() => new(
        App, "office", new ImageReference(@"\\share\images\app.vhdx", Image.Digest, 4096, "vhdx", "apps"), [], TimeSpan.FromMinutes(30), null);

    private static DurableReplay Publishing(Func<string, bool> isUp) => new DurableReplay()
        .Task<VerifyPackageInput>(nameof(VerifyPackageActivity), _ => new VerifyPackageResult(App, null, ["north", "west"]))
        .Task<ConvertPackageInput>(nameof(ConvertPackageActivity), _ => new ConvertPackageResult(Image, null))
        .Task<ReplicateImageInput>(nameof(ReplicateImageActivity), input => isUp(input.Region)
            ? new ReplicateImageResult(new RegionCopy(input.Region, $@"\\{input.Region}\images", DateTimeOffset.UnixEpoch))
            : throw new ShareUnavailableException("the share is away"))
        .Task<ReleaseRegionInput>(nameof(ReleaseRegionActivity), _ => new ReleaseRegionResult([]))
        .Task<RecordVerdictInput>(nameof(RecordVerdictActivity), _ => new RecordVerdictResult());

    private static DurableReplay RollingOut(params string[] hosts)
    {
        var replay = new DurableReplay();
        return replay
            .Task<BeginRolloutInput>(nameof(BeginRolloutActivity), _ => new BeginRolloutResult(hosts))
            .Task<RecordRolloutInput>(nameof(RecordRolloutActivity), _ => new RecordRolloutResult())
            .Task<SendCommandsInput>(nameof(SendCommandsActivity), input =>
            {
                foreach (var host in input.Hosts.Where(host => host != "silent"))
                {
                    replay.Raise(RolloutOrchestrator.OutcomeEvent, new CommandOutcome
                    {
                        CommandId = $"{input.Kind}.{host}", Host = host, Kind = input.Kind, Result = OutcomeResult.Succeeded,
                        CompletedAt = DateTimeOffset.UnixEpoch,
                    });
                }

                return new SendCommandsResult();
            });
    }
}
