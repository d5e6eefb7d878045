namespace AppAttach.Api.Views;

/// <summary>How a host is doing, by what it said last.</summary>
public enum HostCondition
{
    /// <summary>It did all it was asked.</summary>
    Settled,

    /// <summary>A command is out and not answered yet.</summary>
    Working,

    /// <summary>A command failed and is tried again.</summary>
    Failing,

    /// <summary>Something about it must be mended before it gets anything.</summary>
    Unready,

    /// <summary>It has not been heard for <see cref="HostConditions.SilenceLimit"/>.</summary>
    Silent,
}

/// <summary>Tells how hosts are doing.</summary>
public static class HostConditions
{
    /// <summary>A host says hello every few minutes; one that was not heard for this long is off or cut off.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(30);

    /// <summary>How a host is doing.</summary>
    /// <param name="host">The host.</param>
    /// <param name="now">The time.</param>
    /// <returns>Its condition: the one that asks for a human soonest.</returns>
    internal static HostCondition Of(HostLook host, DateTimeOffset now) => host switch
    {
        { IsReady: false } => HostCondition.Unready,
        { Failure: not null } => HostCondition.Failing,
        _ when now - host.LastSeenAt > SilenceLimit => HostCondition.Silent,
        { IsWaiting: true } => HostCondition.Working,
        _ => HostCondition.Settled,
    };
}
