
namespace AppAttach.Contracts.Tests;

public sealed class BusEntitiesTests
{
    [Theory]
    [InlineData("office", 1, "host-commands-0")]
    [InlineData("office", 8, "host-commands-1")]
    [InlineData("OFFICE", 8, "host-commands-1")]
    [InlineData("factory", 8, "host-commands-5")]
    public void Topic_OfAPool_NeverChanges(string pool, int shardCount, string topic)
    {
        Assert.Equal(topic, BusEntities.HostCommandsTopic(pool, shardCount));
    }
}
