namespace AppAttach.Contracts;

/// <summary>When a rollout may begin a phase.</summary>
public sealed record MaintenanceWindow
{
    /// <summary>Time zone of the times, by its IANA or Windows name, such as <c>Europe/Berlin</c>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Days on which it opens; empty: every day.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>When it opens, local time.</summary>
    public required TimeOnly Start { get; init; }

    /// <summary>When it closes, local time; on the next day if this is not after <see cref="Start"/>.</summary>
    public required TimeOnly End { get; init; }
}
