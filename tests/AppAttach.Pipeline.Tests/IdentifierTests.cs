using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Rollout;
using AppAttach.Pipeline.Tests.Rollout;

namespace AppAttach.Pipeline.Tests;

/// <summary>Identifiers never change: histories, ledgers of hosts and messages in flight have them.</summary>
public sealed class IdentifierTests
{
    private const string Host50 = "12345678901234567890123456789012345678901234567890";

    [Fact]
    public void InstanceIdOfAPublishing_IsStable() =>
        Assert.Equal("publish-a2cf85a0e24f7a4b79b4fac0e8afbe94", new PackageDrop("inbox", "sample.msix", "e1", 5).ToInstanceId());

    [Fact]
    public void InstanceIdOfAPublishing_DependsOnContainerNameAndETagOnly()
    {
        var drop = new PackageDrop("inbox", "sample.msix", "e1", 5);
        Assert.Equal(drop.ToInstanceId(), (drop with { SizeBytes = 6 }).ToInstanceId());
        Assert.NotEqual(drop.ToInstanceId(), (drop with { ETag = "e2" }).ToInstanceId());
        Assert.NotEqual(drop.ToInstanceId(), (drop with { Name = "Sample.msix" }).ToInstanceId());
        Assert.NotEqual(drop.ToInstanceId(), (drop with { Container = "packages" }).ToInstanceId());
    }

    [Fact]
    public void InstanceIdOfARollout_IsStable()
    {
        Assert.Equal("rollout-08ef77a29eb2f0eabe374bc8a0559f0c", Rollouts.Input.ToInstanceId());
        Assert.Equal("rollout-58c8df2033cdbffed91a040952f0c6cd", (Rollouts.Input with { OnlyHost = "host-1" }).ToInstanceId());
    }

    [Theory]
    [InlineData("drop #1?/..\\ü.msix")]
    [InlineData("sample.msix")]
    public void InstanceIds_HaveNothingThatDurableRefuses(string name)
    {
        foreach (var id in new[] { new PackageDrop("inbox", name, name, 5).ToInstanceId(), (Rollouts.Input with { OnlyHost = name }).ToInstanceId() })
        {
            Assert.Matches("^(publish|rollout)-[0-9a-f]{32}$", id);
            Assert.InRange(id.Length, 1, 100);
        }

        Assert.True(RolloutInput.IsInstanceId((Rollouts.Input with { OnlyHost = name }).ToInstanceId()));
        Assert.False(RolloutInput.IsInstanceId(new PackageDrop("inbox", name, name, 5).ToInstanceId()));
    }

    [Fact]
    public async Task CommandIds_AreStableAndWithinTheBussLimit()
    {
        await using var host = await Rollouts.HostAsync("host-1", Host50);
        await Rollouts.RunAsync(host);

        Assert.Equal($"{Rollouts.Input.ToInstanceId()}.Register.host-1", host.Bus.Commands.Last().CommandId);
        Assert.Equal($"{Rollouts.Input.ToInstanceId()}.Stage.{Host50}", host.Bus.Commands.First().CommandId);
        Assert.All(host.Bus.Commands, sent => Assert.InRange(sent.CommandId.Length, 1, 128));
        Assert.All(host.Bus.Commands, sent => Assert.Matches("^[A-Za-z0-9._-]+$", sent.CommandId));

        // The longest kind of command for the longest name.
        Assert.InRange($"{Rollouts.Input.ToInstanceId()}.{CommandKind.Deregister}.{Host50}".Length, 1, 128);
    }
}
