namespace AppAttach.Imaging.Checking;

/// <summary>Takes findings, up to a number.</summary>
/// <param name="maximum">The number, at least 1.</param>
internal sealed class FindingList(int maximum)
{
    private readonly List<Finding> _findings = [];

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Whether no more are taken: then checks stop.</summary>
    public bool IsFull => _findings.Count >= maximum;

    /// <summary>Whether some check could not be made.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Adds a finding.</summary>
    /// <param name="id">The rule.</param>
    /// <param name="place">Where.</param>
    /// <param name="message">A sentence.</param>
    public void Add(string id, string place, string message)
    {
        if (IsFull)
        {
            IsIncomplete = true;
            return;
        }

        _findings.Add(new Finding(id, place, message));
    }

    /// <summary>Adds a finding when a condition does not hold.</summary>
    /// <returns>The condition.</returns>
    public bool Require(bool condition, string id, string place, string message)
    {
        if (!condition)
        {
            Add(id, place, message);
        }

        return condition;
    }

    /// <summary>Says that checks were left out.</summary>
    public void LeaveOut() => IsIncomplete = true;

    /// <summary>Makes a check; what it cannot read becomes a finding.</summary>
    /// <param name="id">The rule for such a finding.</param>
    /// <param name="place">Where.</param>
    /// <param name="check">The check.</param>
    /// <returns>Whether it got to its end.</returns>
    public bool Try(string id, string place, Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (InvalidInputException exception)
        {
            Add(exception.Defect == Defect.ImageUnsupported ? "unsupported" : id, place, exception.Message);
            LeaveOut();
            return false;
        }
    }
}
