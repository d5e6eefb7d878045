using System.Net;
using AppAttach.Listener.Bus;

namespace AppAttach.Listener.Checks;

/// <summary>The bus is reachable, knows the key and the host, and has about the same time as we.</summary>
internal sealed class BusCheck(ListenerOptions options, TimeProvider clock) : IListenerCheck
{
    // Tokens are good for an hour and commands have deadlines of minutes.
    private static readonly TimeSpan SkewLimit = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken)
    {
        var subject = $"bus {options.BusBase}";
        try
        {
            using var bus = new BusClient(options, BusTokens.Make(options, clock), clock);
            var (status, date) = await bus.ProbeAsync(cancellationToken);
            return [Judge(subject, status), .. date is { } theirs ? [JudgeClock(theirs)] : Array.Empty<CheckFinding>()];
        }
        catch (BusException e)
        {
            return [new CheckFinding(subject, IsGood: false, $"{e.Message}. Check the address, name resolution, and that port {options.BusBase.Port} may leave this network.")];
        }
    }

    private CheckFinding Judge(string subject, HttpStatusCode status) => status switch
    {
        HttpStatusCode.Created or HttpStatusCode.NoContent => new CheckFinding(subject, IsGood: true, "it serves this host."),
        HttpStatusCode.Gone => new CheckFinding(
            subject, IsGood: true, $"it accepts the key and has no subscription {options.Host} at {options.TopicOrDefault} yet; the first hello asks for it."),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new CheckFinding(
            subject, IsGood: false, $"it answers {(int)status}: the key \"{options.KeyName}\" is not the one it knows, may not listen and send, or the clocks differ."),
        _ => new CheckFinding(subject, IsGood: false, $"it answers {(int)status} {status}: is this the address of the bus?"),
    };

    private CheckFinding JudgeClock(DateTimeOffset theirs)
    {
        var skew = (clock.GetUtcNow() - theirs).Duration();
        return skew <= SkewLimit
            ? new CheckFinding("clock", IsGood: true, $"it differs from the bus's by {skew.TotalSeconds:F0} s.")
            : new CheckFinding(
                "clock", IsGood: false, $"it differs from the bus's by {skew.TotalSeconds:F0} s; {SkewLimit.TotalSeconds} s are allowed. Set the clock, or keep it by NTP.");
    }
}
