using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Intake;

/// <summary>What a deployment's policy says about a package that could be read.</summary>
/// <param name="Signature">Everything found out about the signature.</param>
/// <param name="Refusals">Why the package is refused, every reason, the gravest first; empty: it is accepted.</param>
/// <param name="Notes">What is worth knowing besides, warnings first.</param>
public sealed record PackageVerdict(SignatureVerdict Signature, IReadOnlyList<Rejection> Refusals, IReadOnlyList<PackageNote> Notes)
{
    /// <summary>Why the package is refused: the code of the gravest reason, and the sentences of all. Null: it is accepted.</summary>
    public Rejection? Rejection => Refusals.Count == 0
        ? null
        : new Rejection(Refusals[0].Code, string.Join(' ', Refusals.Select(refusal => refusal.Message)));

    /// <summary>Refuses the package if the verdict does.</summary>
    /// <exception cref="PackageRefusedException">It is refused.</exception>
    public void ThrowIfRefused()
    {
        if (Rejection is { } rejection)
        {
            throw new PackageRefusedException(rejection);
        }
    }
}
