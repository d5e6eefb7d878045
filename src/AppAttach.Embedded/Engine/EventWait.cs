namespace AppAttach.Embedded.Engine;

/// <summary>A wait for an external event.</summary>
/// <param name="Name">The event's name.</param>
/// <param name="Call">What the orchestrator awaits.</param>
internal sealed record EventWait(string Name, OpenTask Call)
{
    /// <summary>Number of the timer that ends the wait; null: none does.</summary>
    public int? Timer { get; set; }
}
