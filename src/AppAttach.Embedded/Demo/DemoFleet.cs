using AppAttach.Embedded.Hosting;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Embedded.Demo;

/// <summary>The fleet of a demo: two regions, a pool in each, two hosts in each pool, and every package for everyone.</summary>
internal static class DemoFleet
{
    /// <summary>The settings of the data folder.</summary>
    public static EmbeddedSettings Settings { get; } = new()
    {
        Regions = ["north", "south"],
        Pools = [new PoolOptions("north-pool", "north"), new PoolOptions("south-pool", "south")],
        Hosts =
        [
            new HostSettings("north-1", "north-pool"), new HostSettings("north-2", "north-pool"),
            new HostSettings("south-1", "south-pool"), new HostSettings("south-2", "south-pool"),
        ],
        Assignments =
        [
            new AssignmentRecord(AssignmentRecord.EveryFamily, "north-pool", []),
            new AssignmentRecord(AssignmentRecord.EveryFamily, "south-pool", []),
        ],
        CommandDeadline = TimeSpan.FromMinutes(5),
    };
}
