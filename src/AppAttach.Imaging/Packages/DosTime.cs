namespace AppAttach.Imaging.Packages;

/// <summary>
/// MS-DOS date and time of a ZIP header: date = year − 1980 (7 bits), month (4), day (5); time = hour (5), minute (6), seconds / 2 (5).
/// It names no time zone; it is taken as UTC so that the same package gives the same image everywhere.
/// </summary>
internal static class DosTime
{
    private const int FirstYear = 1980;
    private const int LastYear = FirstYear + 127;

    /// <summary>The time, or null where the fields hold none, such as month 0.</summary>
    public static DateTimeOffset? Decode(ushort date, ushort time)
    {
        var (year, month, day) = (FirstYear + (date >> 9), (date >> 5) & 0xF, date & 0x1F);
        var (hour, minute, second) = (time >> 11, (time >> 5) & 0x3F, (time & 0x1F) * 2);
        var isTime = month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60;
        return isTime ? new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero) : null;
    }

    /// <summary>Date and time fields for a time, brought into the years that they can hold.</summary>
    public static (ushort Date, ushort Time) Encode(DateTimeOffset value)
    {
        var utc = value.UtcDateTime;
        utc = utc.Year < FirstYear ? new(FirstYear, 1, 1, 0, 0, 0, DateTimeKind.Utc)
            : utc.Year > LastYear ? new(LastYear, 12, 31, 23, 59, 58, DateTimeKind.Utc)
            : utc;
        var date = ((utc.Year - FirstYear) << 9) | (utc.Month << 5) | utc.Day;
        var time = (utc.Hour << 11) | (utc.Minute << 5) | (utc.Second / 2);
        return ((ushort)date, (ushort)time);
    }
}
