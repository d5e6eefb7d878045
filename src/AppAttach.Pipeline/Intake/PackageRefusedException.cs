namespace AppAttach.Pipeline.Intake;

/// <summary>A package can be read, and the policy refuses it.</summary>
/// <param name="rejection">Why.</param>
public sealed class PackageRefusedException(Rejection rejection) : Exception(rejection.Message)
{
    /// <summary>Why.</summary>
    public Rejection Rejection { get; } = rejection;
}
