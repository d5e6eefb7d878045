namespace AppAttach.Listener.Tests.Commands;

/// <summary>Counts the moments before and after each write of the ledger and each effect, and ends the process at the one asked for.</summary>
internal sealed class CrashPoints
{
    private readonly List<string> _names = [];
    private int _left = -1;
    private string? _at;
    private bool _isDead;

    /// <summary>How many were passed.</summary>
    public int Passed => _names.Count;

    /// <summary>The names of those that were passed: <c>before EFFECT</c>, <c>after EFFECT</c>.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Ends the process when this many more have been passed.</summary>
    public void CrashAfter(int points) => (_left, _at, _isDead) = (points, null, false);

    /// <summary>Ends the process at the next one with this name.</summary>
    public void CrashAt(string name) => (_left, _at, _isDead) = (-1, name, false);

    /// <summary>The next process lives on.</summary>
    public void Disarm() => (_left, _at, _isDead) = (-1, null, false);

    public void Around(string name, Action effect)
    {
        Pass("before " + name);
        effect();
        Pass("after " + name);
    }

    public void Pass(string name)
    {
        _names.Add(name);

        // A process that has ended does nothing any more, in its "finally" neither.
        if (_isDead || name == _at || (_left >= 0 && _left-- == 0))
        {
            _isDead = true;
            throw new CrashException();
        }
    }
}
