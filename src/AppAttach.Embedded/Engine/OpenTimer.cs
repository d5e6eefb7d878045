namespace AppAttach.Embedded.Engine;

/// <summary>A timer that is not due yet.</summary>
/// <param name="whenFired">What to do when it is.</param>
internal sealed class OpenTimer(Action whenFired) : OpenTask
{
    /// <inheritdoc/>
    public override void Complete(string? payload) => whenFired();

    /// <inheritdoc/>
    public override void Fail(string errorType, string errorMessage) =>
        throw new InvalidOperationException("A timer cannot fail.");
}
