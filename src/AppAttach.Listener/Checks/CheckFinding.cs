namespace AppAttach.Listener.Checks;

/// <summary>What one check found.</summary>
/// <param name="Subject">What was checked.</param>
/// <param name="IsGood">Whether the listener can work with it.</param>
/// <param name="Text">What was seen and, where it is not good, what to do.</param>
internal sealed record CheckFinding(string Subject, bool IsGood, string Text);
