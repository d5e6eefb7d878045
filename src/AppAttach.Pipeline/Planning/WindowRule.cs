using AppAttach.Contracts;

namespace AppAttach.Pipeline.Planning;

/// <summary>Says when a phase may begin.</summary>
public static class WindowRule
{
    private const int DaysAhead = 8;

    /// <summary>The next moment at which a window is open.</summary>
    /// <param name="windows">The windows; empty: always open.</param>
    /// <param name="now">The time.</param>
    /// <returns><paramref name="now"/> if one is open, else when the next one opens.</returns>
    public static DateTimeOffset NextOpening(IReadOnlyList<MaintenanceWindow> windows, DateTimeOffset now)
    {
        if (windows.Count == 0)
        {
            return now;
        }

        var next = DateTimeOffset.MaxValue;
        foreach (var window in windows)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(window.TimeZone);
            var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);

            // One that opened yesterday may still be open.
            for (var day = today.AddDays(-1); day <= today.AddDays(DaysAhead); day = day.AddDays(1))
            {
                if (window.Days.Count > 0 && !window.Days.Contains(day.DayOfWeek))
                {
                    continue;
                }

                var opens = ToUtc(day, window.Start, zone);
                var closes = ToUtc(window.End > window.Start ? day : day.AddDays(1), window.End, zone);
                if (opens <= now && now < closes)
                {
                    return now;
                }

                if (opens > now && opens < next && closes > opens)
                {
                    next = opens;
                }
            }
        }

        return next;
    }

    /// <summary>A local time as the zone has it on that day. A time that is skipped is the end of the gap; of one that comes twice, the first.</summary>
    private static DateTimeOffset ToUtc(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(time);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
