namespace AppAttach.Imaging.Signatures;

/// <summary>One thing that was found out about a signature.</summary>
/// <param name="Id">Stable identifier in kebab case, such as <c>digest-directory</c>.</param>
/// <param name="Defect">Why the package is refused; null for a note, which refuses nothing.</param>
/// <param name="Message">A sentence.</param>
public sealed record SignatureFinding(string Id, Defect? Defect, string Message);
