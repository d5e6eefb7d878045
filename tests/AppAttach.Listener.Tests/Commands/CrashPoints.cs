namespace AppAttach.Listener.Tests.Commands;

/// <summary>Counts the moments before and after each write of the ledger and each effect, and ends the process at the one asked for.</summary>
internal sealed class CrashPoints
{
    private int _left = -1;

    /// <summary>How many were passed.</summary>
    public int Passed { get; private set; }

    /// <summary>Ends the process when this many more have been passed.</summary>
    public void CrashAfter(int points) => _left = points;

    public void Disarm() => _left = -1;

    public void Around(Action effect)
    {
        Pass();
        effect();
        Pass();
    }

    public void Pass()
    {
        Passed++;
        if (_left >= 0 && _left-- == 0)
        {
            throw new CrashException();
        }
    }
}
