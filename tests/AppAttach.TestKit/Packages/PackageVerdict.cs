namespace AppAttach.TestKit.Packages;

/// <summary>One row of <c>verdicts.tsv</c>; <c>tests/packages/README.md</c> says what each column means.</summary>
public sealed record PackageVerdict(
    string Path, string Kind, bool IsValid, string Why, string FullName, long FileCount, long ContentSizeBytes, bool IsSigned, string Validation)
{
    /// <summary>Whether it is a bundle of packages, flat or not.</summary>
    public bool IsBundle => Kind is "bundle" or "flat-bundle";

    /// <summary>Whether the verdict holds with signatures left aside.</summary>
    public bool IsStructural => Validation is "skip-signature" or "any";
}
