namespace AppAttach.FleetSimulator.Hosts;

/// <summary>How often things go wrong on hosts: probabilities from 0 to 1, each for one occasion.</summary>
internal sealed record Faults
{
    /// <summary>Nothing goes wrong.</summary>
    public static Faults None { get; } = new();

    /// <summary>Everything goes wrong now and then.</summary>
    public static Faults Many { get; } = new()
    {
        Crash = 0.03,
        Fail = 0.06,
        Repeat = 0.08,
        Delay = 0.1,
        Rubbish = 0.05,
        Drift = 0.02,
        Rebuild = 0.005,
        LongestLatency = TimeSpan.FromSeconds(20),
        LongestOutage = TimeSpan.FromMinutes(8),
        LargestSkew = TimeSpan.FromMinutes(9),
    };

    /// <summary>The host ends without a word, at one of the moments of carrying out a command; each moment is an occasion.</summary>
    public double Crash { get; init; }

    /// <summary>A command fails for a reason of the moment.</summary>
    public double Fail { get; init; }

    /// <summary>An outcome is sent twice, or an old one again.</summary>
    public double Repeat { get; init; }

    /// <summary>An outcome comes much later, after others, or after its deadline.</summary>
    public double Delay { get; init; }

    /// <summary>Beside its hello a host sends what cannot be read, or speaks for another.</summary>
    public double Rubbish { get; init; }

    /// <summary>Someone removes an app from the host by hand before a hello.</summary>
    public double Drift { get; init; }

    /// <summary>The host was built anew before a hello and remembers nothing.</summary>
    public double Rebuild { get; init; }

    /// <summary>How long carrying out a command takes at most.</summary>
    public TimeSpan LongestLatency { get; init; }

    /// <summary>How long a host is off at most after it crashed.</summary>
    public TimeSpan LongestOutage { get; init; }

    /// <summary>How far a host's clock is off at most, to either side; drawn once.</summary>
    public TimeSpan LargestSkew { get; init; }
}
