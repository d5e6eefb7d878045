using System.Globalization;

namespace AppAttach.Fuzzing;

/// <summary>What to run.</summary>
/// <param name="Seed">Which series of cases.</param>
/// <param name="First">First case.</param>
/// <param name="Count">How many; fewer if the time runs out.</param>
/// <param name="Time">How long at most.</param>
/// <param name="IsImages">Whether disk images are broken instead of packages.</param>
/// <param name="KeepFolder">Where every case's package is written, or null; for looking into one.</param>
internal sealed record FuzzOptions(int Seed, long First, long Count, TimeSpan Time, bool IsImages, string? KeepFolder)
{
    /// <summary>How the program is called.</summary>
    public const string Usage = "--count N --seed S --first CASE --minutes M --kind packages|images --keep FOLDER";

    /// <summary>Reads the command line.</summary>
    /// <returns>The options, or null if they are not right.</returns>
    public static FuzzOptions? TryParse(string[] arguments)
    {
        var options = new FuzzOptions(1, 0, 1_000, TimeSpan.MaxValue, false, null);
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
                ("--kind", _) when text is "packages" or "images" => options with { IsImages = text == "images" },
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
