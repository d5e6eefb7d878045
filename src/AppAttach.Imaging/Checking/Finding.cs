namespace AppAttach.Imaging.Checking;

/// <summary>Something in an image that is not as it must be.</summary>
/// <param name="Id">Stable name of the rule, such as <c>index-order</c>; <c>Checking/README.md</c> lists them.</param>
/// <param name="Place">Where: a structure, a file record, a path.</param>
/// <param name="Message">What is wrong, as a sentence.</param>
public sealed record Finding(string Id, string Place, string Message)
{
    /// <summary>The finding in one line.</summary>
    public override string ToString() => $"{Id}: {Place}: {Message}";
}
