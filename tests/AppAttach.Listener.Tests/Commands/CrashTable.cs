using System.Text.RegularExpressions;

namespace AppAttach.Listener.Tests.Commands;

/// <summary>The tables of <c>src/AppAttach.Listener/CrashPoints.md</c>, which the tests do what they say.</summary>
internal static partial class CrashTable
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.PathOf("src", "AppAttach.Listener", "CrashPoints.md"));

    /// <summary>The rows of the table of kills: between which two points, what is found, what start makes of it, and the command again.</summary>
    public static IReadOnlyList<CrashRow> Kills { get; } =
        [.. Read("life").Select(cells => new CrashRow(cells[0][0], cells[1][0], cells[2], cells[3][0], cells[4][0], cells[5][0]))];

    /// <summary>The rows of the table of damage: what is found, and what start makes of it.</summary>
    public static IReadOnlyList<(string Name, string Found, string Repaired)> Damage { get; } =
        [.. Read("damage").Select(cells => (cells[0][0], cells[2][0], cells[3][0]))];

    // A cell says what is in backticks.
    private static IEnumerable<List<string[]>> Read(string secondHeading) =>
        Lines.SkipWhile(line => !line.StartsWith("| row | " + secondHeading, StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|').Select(cell => Span().Matches(cell).Select(match => match.Groups[1].Value).ToArray()).ToList());

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Span();
}
