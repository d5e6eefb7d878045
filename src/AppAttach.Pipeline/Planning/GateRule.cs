using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Planning;

/// <summary>Says whether a ring's rollout may go on.</summary>
public static class GateRule
{
    /// <summary>Holds a ring against its gate.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="tally">How the ring's hosts stand.</param>
    /// <returns>Why it may not go on; null: it may.</returns>
    public static Rejection? Judge(GateDefinition gate, RingTally tally)
    {
        var failed = tally.Failed + (gate.CountsSilent ? tally.Silent : 0) + (gate.CountsUnfit ? tally.Unfit : 0);
        var counted = tally.Succeeded + failed;

        // Compared without a division, so that 1 of 10 hosts is exactly 10 %.
        if (failed > 0 && failed * 100.0 > gate.MaxFailedPercent * counted)
        {
            return new Rejection(
                ErrorCodes.GateBroken,
                FormattableString.Invariant($"{failed} of {counted} hosts failed, which is more than {gate.MaxFailedPercent} %{Name(tally)}."));
        }

        // Of a small ring, all that can take it; of an empty one, none.
        var able = tally.Hosts - (gate.CountsUnfit ? 0 : tally.Unfit);
        var needed = Math.Min(gate.MinSucceeded, able);
        return tally.Succeeded >= needed
            ? null
            : new Rejection(
                ErrorCodes.GateBroken,
                FormattableString.Invariant($"{tally.Succeeded} of {tally.Hosts} hosts succeeded, {needed} are needed; {tally.Silent} did not answer{Name(tally)}."));
    }

    private static string Name(RingTally tally) => tally.Examples.Count == 0
        ? ""
        : ": " + string.Join("; ", tally.Examples.Select(host => $"{host.Host} ({host.Code}: {host.Message?.TrimEnd('.')})"));
}
