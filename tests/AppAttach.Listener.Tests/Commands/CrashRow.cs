namespace AppAttach.Listener.Tests.Commands;

/// <summary>One row of the table of kills.</summary>
/// <param name="Name">Names the row, and the test that stands for it.</param>
/// <param name="Life">The commands so far, separated by commas; the last is the one that is cut off.</param>
/// <param name="Points">The points at which the listener is killed.</param>
/// <param name="Found">What the next start finds.</param>
/// <param name="Repaired">What the machine is when that start has looked after it.</param>
/// <param name="Again">What it is when the command has come again.</param>
internal sealed record CrashRow(string Name, string Life, IReadOnlyList<string> Points, string Found, string Repaired, string Again);
