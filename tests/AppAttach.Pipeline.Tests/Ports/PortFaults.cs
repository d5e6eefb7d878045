namespace AppAttach.Pipeline.Tests.Ports;

/// <summary>
/// Every call of every port passes here twice: before its effect and after it. A test can make any of these moments throw, as a
/// process that ends or a service that answers too late would.
/// </summary>
internal sealed class PortFaults
{
    private int _moments;

    /// <summary>How many moments have passed.</summary>
    public int Moments => _moments;

    /// <summary>Number of the one moment that throws, from 1; null: none.</summary>
    public int? ThrowAt { get; set; }

    /// <summary>Says which calls fail, and how; asked before the effect.</summary>
    public Func<string, Exception?>? Refuses { get; set; }

    /// <summary>What the moment that threw was; null: none has.</summary>
    public string? Thrown { get; private set; }

    public void Before(string call)
    {
        if (Refuses?.Invoke(call) is { } refusal)
        {
            throw refusal;
        }

        Pass("before " + call);
    }

    public void After(string call) => Pass("after " + call);

    private void Pass(string moment)
    {
        if (Interlocked.Increment(ref _moments) == ThrowAt)
        {
            Thrown = moment;
            throw new IOException($"Interrupted {moment}.");
        }
    }
}
