namespace AppAttach.Pipeline.Retention;

/// <summary>What is kept of releases that nothing wants any more.</summary>
public sealed record RetentionPolicy
{
    /// <summary>Whether anything is deleted by itself; if not, only what was retired. Default false.</summary>
    public bool IsOn { get; init; }

    /// <summary>How many of the newest releases of each family are kept in any case, 1 or more. Default 3.</summary>
    public int KeepLast { get; init; } = 3;

    /// <summary>How long nothing must have wanted a release before its images go. Default a day; never less than a command's life.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// What a host has mounted is kept until it has been silent for so long that it counts as gone for good. Default 180 days.
    /// </summary>
    public TimeSpan ForgetHostsAfter { get; init; } = TimeSpan.FromDays(180);

    /// <summary>What is wrong with it, as a sentence; null: nothing.</summary>
    public string? FindProblem() => KeepLast < 1
        ? $"Retention keeps the last {KeepLast} releases; it must keep 1 or more."
        : Grace < TimeSpan.Zero || ForgetHostsAfter <= TimeSpan.Zero ? $"Retention has a grace time of {Grace} and forgets hosts after {ForgetHostsAfter}; both must be spans of time ahead." : null;
}
