using AppAttach.Contracts;

namespace AppAttach.Listener.Tests.Commands;

/// <summary>Kills the listener before and after each write of the ledger and each effect, in a life of two versions of an app.</summary>
public class CrashTests
{
    private static List<HostCommand> Life(TestHost host)
    {
        var (first, second) = (TestPackage.Make(), TestPackage.Make("2.0.0.0"));
        return
        [
            TestPackage.Command(CommandKind.Stage, first, host.MakeImage(first)),
            TestPackage.Command(CommandKind.Register, first, null, null, "anna", "bert"),
            TestPackage.Command(CommandKind.Stage, second, host.MakeImage(second)),
            TestPackage.Command(CommandKind.Register, second, null, null, "anna", "bert"),
            TestPackage.Command(CommandKind.Destage, first),
            TestPackage.Command(CommandKind.Deregister, second, null, null, "bert"),
            TestPackage.Command(CommandKind.Deregister, second),
            TestPackage.Command(CommandKind.Destage, second),
        ];
    }

    private static async Task<(List<string> States, int Points)> LiveUndisturbedAsync()
    {
        using var host = new TestHost();
        var states = new List<string>();
        foreach (var command in Life(host))
        {
            Assert.Equal(OutcomeResult.Succeeded, (await host.AskAsync(command)).Result);
            states.Add(await host.DescribeAsync());
        }

        return (states, host.Points.Passed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task KilledAtEachPoint_EndsWhereAnUndisturbedOneDoes(bool isReboot)
    {
        var (states, points) = await LiveUndisturbedAsync();
        Assert.True(points > 60, $"Only {points} points were passed.");
        Assert.Equal("", states[^1]);
        for (var point = 0; point < points; point++)
        {
            using var host = new TestHost();
            var life = Life(host);
            host.Points.CrashAfter(point);
            for (var i = 0; i < life.Count; i++)
            {
                var outcome = await AskThroughCrashAsync(host, life[i], isReboot);
                Assert.True(outcome.Result == OutcomeResult.Succeeded, $"Point {point}, command {i}: {outcome.Message}");
                Assert.True(states[i] == await host.DescribeAsync(), $"Point {point}, command {i}:\n{await host.DescribeAsync()}\ninstead of\n{states[i]}");
            }
        }
    }

    [Fact]
    public async Task KilledAgainAtEachPointOfTheRepair_IsRepairedByTheNextStart()
    {
        var (states, points) = await LiveUndisturbedAsync();
        for (var point = 0; point < points; point += 7)
        {
            for (var second = 0; ; second++)
            {
                using var host = new TestHost();
                var life = Life(host);
                host.Points.CrashAfter(point);
                var i = 0;
                try
                {
                    for (; i < life.Count; i++)
                    {
                        await host.AskAsync(life[i]);
                    }
                }
                catch (CrashException)
                {
                    host.Mounter.Reboot();
                }

                if (!await CrashesInRepairAsync(host, second))
                {
                    break;
                }

                await RestartAsync(host, isReboot: second % 2 == 0);
                Assert.Equal(OutcomeResult.Succeeded, (await host.AskAsync(life[i])).Result);
                Assert.True(states[i] == await host.DescribeAsync(), $"Points {point} and {second}:\n{await host.DescribeAsync()}\ninstead of\n{states[i]}");
            }
        }
    }

    private static async Task<bool> CrashesInRepairAsync(TestHost host, int point)
    {
        host.Points.CrashAfter(point);
        try
        {
            host.Start();
            Assert.Equal(0, await host.Convergence.RunAsync(CancellationToken.None));
            return false;
        }
        catch (CrashException)
        {
            return true;
        }
        finally
        {
            host.Points.Disarm();
        }
    }

    private static async Task<CommandOutcome> AskThroughCrashAsync(TestHost host, HostCommand command, bool isReboot)
    {
        try
        {
            return await host.AskAsync(command);
        }
        catch (CrashException)
        {
            await RestartAsync(host, isReboot);

            // The command was not completed, so the bus brings it again.
            return await host.AskAsync(command);
        }
    }

    private static async Task RestartAsync(TestHost host, bool isReboot)
    {
        if (isReboot)
        {
            host.Mounter.Reboot();
        }

        host.Points.Disarm();
        host.Start();
        Assert.Equal(0, await host.Convergence.RunAsync(CancellationToken.None));
    }
}
