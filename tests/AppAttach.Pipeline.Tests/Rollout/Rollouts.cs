using AppAttach.Contracts;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Pipeline.Tests.Rollout;

/// <summary>One rollout, driven without a publishing before it.</summary>
internal static class Rollouts
{
    public static RolloutInput Input { get; } = new(
        new PackageReference(Packages.SampleFullName, Packages.SampleFamily, "1.2.3.4", "x64"),
        "pool-east",
        new ImageReference($"//east/images/{Packages.SampleFullName}.vhdx", new string('a', 64), 4096, "vhdx", "apps"),
        ["S-1-5-21-1"],
        TimeSpan.FromMinutes(30),
        OnlyHost: null);

    /// <summary>A pipeline with hosts that have said hello.</summary>
    public static async Task<PipelineTestHost> HostAsync(params string[] hosts)
    {
        var host = new PipelineTestHost("east");
        await host.StartAsync();
        foreach (var name in hosts)
        {
            await host.HelloAsync(name, "pool-east");
        }

        return host;
    }

    public static async Task<RolloutResult> RunAsync(PipelineTestHost host)
    {
        var id = Input.ToInstanceId();
        await host.Engine.StartAsync(nameof(RolloutOrchestrator), id, Input, CancellationToken.None);
        return await host.EndAsync<RolloutResult>(id);
    }

    /// <summary>The event about the rollout's end: type and code.</summary>
    public static (string Type, string? Code) End(PipelineTestHost host, out string message)
    {
        var (type, _, content) = Assert.Single(host.Bus.Events, sent => sent.Id.EndsWith("-end", StringComparison.Ordinal));
        Assert.Equal("pool-east", content.Pool);
        message = content.Message;
        return (type, content.Code);
    }
}
