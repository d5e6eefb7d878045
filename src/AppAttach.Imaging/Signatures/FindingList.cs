namespace AppAttach.Imaging.Signatures;

/// <summary>Findings as they come, given out the gravest kind first.</summary>
internal sealed class FindingList
{
    private readonly List<SignatureFinding> findings;

    /// <summary>Starts with the findings given.</summary>
    public FindingList(params IEnumerable<SignatureFinding> findings) => this.findings = [.. findings];

    public void Add(string id, Defect? defect, string message) => findings.Add(new(id, defect, message));

    /// <summary>What the signature does not cover comes before whose it is, and that before whether it is trusted.</summary>
    public IReadOnlyList<SignatureFinding> InOrder() => [.. findings.OrderBy(finding => finding.Defect ?? (Defect)int.MaxValue)];
}
