namespace AppAttach.Imaging.Volumes;

/// <summary>
/// When a file or folder was last written, in four bytes: whole seconds since 1980, where the time of a ZIP archive begins, too. The
/// default is the earliest.
/// </summary>
internal readonly struct NodeTime
{
    private static readonly DateTimeOffset FirstTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly uint _seconds;

    private NodeTime(uint seconds) => _seconds = seconds;

    /// <summary>Not known: stands for the volume's own time, which is later than any other on it.</summary>
    public static NodeTime OfVolume { get; } = new(uint.MaxValue);

    /// <summary>The time nearest to one: 1980 to 2116.</summary>
    public static NodeTime Of(DateTimeOffset time) =>
        new((uint)Math.Clamp((time - FirstTime).Ticks / TimeSpan.TicksPerSecond, 0, uint.MaxValue - 1));

    /// <summary>The later one of two.</summary>
    public static NodeTime Later(NodeTime left, NodeTime right) => left._seconds > right._seconds ? left : right;

    /// <summary>The time as NTFS counts it, not later than the volume's own.</summary>
    /// <param name="volumeTime">The volume's time, in units of 100 ns since 1601.</param>
    /// <returns>Units of 100 ns since 1601.</returns>
    public long ToFileTime(long volumeTime) => _seconds == uint.MaxValue
        ? volumeTime
        : Math.Min(volumeTime, FirstTime.ToFileTime() + (_seconds * TimeSpan.TicksPerSecond));
}
