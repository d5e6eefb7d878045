using System.Globalization;

namespace AppAttach.Embedded.Commands;

/// <summary>Sizes for people.</summary>
internal static class Bytes
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A size with a unit that fits it.</summary>
    /// <param name="count">Bytes.</param>
    /// <returns>Such as <c>1.5 MiB</c>.</returns>
    public static string Format(long count)
    {
        var unit = 0;
        double value = count;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(value, unit == 0 ? 0 : 1)} {Units[unit]}");
    }
}
