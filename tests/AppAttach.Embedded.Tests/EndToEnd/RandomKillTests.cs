using AppAttach.Embedded.Hosting;

namespace AppAttach.Embedded.Tests.EndToEnd;

/// <summary>Host and listeners are killed at random moments, again and again, and come to the end they would have come to.</summary>
[Collection(ProcessCollection.Name)]
public sealed class RandomKillTests(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    private const int Kills = 20;
    private const int LongestUptimeMilliseconds = 1500;

    // Commands that a killed listener had in hand come again when their locks have run out, a minute later.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(200);

    [Theory]
    [InlineData(20)]
    public async Task KilledTwentyTimes_EndsAsIfItHadNotBeen(int seed)
    {
        var random = new Random(seed);
        await using var fleet = new TestFleet { MounterOf = MounterOf };
        await fleet.StartAsync();
        await fleet.KillHostAsync();
        await fleet.DropAsync(undisturbed.Package);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Every other time the moment is counted from where it serves: else half of the kills would only meet a starting process.
            fleet.LaunchHost();
            if (kill % 2 == 0)
            {
                await fleet.WaitForHostAsync();
            }

            await Task.Delay(random.Next(LongestUptimeMilliseconds), TestContext.Current.CancellationToken);
            await fleet.KillHostAsync();
            if (random.Next(3) == 0)
            {
                var host = TestFleet.Hosts[random.Next(TestFleet.Hosts.Count)];
                await fleet.KillListenerAsync(host);
                fleet.StartListener(host);
            }
        }

        await fleet.StartHostAsync();
        foreach (var host in TestFleet.Hosts)
        {
            await fleet.KillListenerAsync(host);
            fleet.StartListener(host);
        }

        Assert.Equal(undisturbed.End, await fleet.EndAsync(Limit));
    }

    // One host really mounts, where this machine can.
    private static string MounterOf(HostSettings host) =>
        host == TestFleet.Hosts[0] && File.Exists("/dev/fuse") && Judge.Find("vhdimount") is not null && Judge.Find("ntfs-3g") is not null ? "fuse" : "managed";
}
