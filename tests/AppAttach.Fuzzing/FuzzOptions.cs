using System.Globalization;

namespace AppAttach.Fuzzing;

/// <summary>What to run.</summary>
/// <param name="Seed">Which series of cases.</param>
/// <param name="First">First case.</param>
/// <param name="Count">How many; fewer if the time runs out.</param>
/// <param name="Time">How long at most.</param>
/// <param name="KeepFolder">Where every case's package is written, or null; for looking into one.</param>
internal sealed record FuzzOptions(int Seed, long First, long Count, TimeSpan Time, string? KeepFolder)
{
    /// <summary>How the program is called.</summary>
    public const string Usage = "--count N --seed S --first CASE --minutes M --keep FOLDER";

    /// <summary>Reads the command line.</summary>
    /// <returns>The options, or null if they are not right.</returns>
    public static FuzzOptions? TryParse(string[] arguments)
    {
        var options = new FuzzOptions(1, 0, 1_000, TimeSpan.MaxValue, null);
        for (var index = 0; index < arguments.Length; index += 2)
        {
            var text = index + 1 < arguments.Length ? arguments[index + 1] : "";
            var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue;
            var next = (arguments[index], isNumber) switch
            {
                ("--seed", true) => options with { Seed = (int)number },
                ("--first", true) => options with { First = number },
                ("--count", true) => options with { Count = number },
                ("--minutes", true) => options with { Time = TimeSpan.FromMinutes(number) },
                ("--keep", _) when text.Length > 0 => options with { KeepFolder = text },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options;
    }
}
