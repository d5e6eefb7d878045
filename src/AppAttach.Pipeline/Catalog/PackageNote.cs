namespace AppAttach.Pipeline.Catalog;

/// <summary>Something that an admin should know about a package although it was accepted.</summary>
/// <param name="Id">Stable identifier in kebab case, such as <c>timestamp-missing</c>.</param>
/// <param name="IsWarning">Whether it asks for something to be done before long; if not, it is only said.</param>
/// <param name="Message">A sentence.</param>
public sealed record PackageNote(string Id, bool IsWarning, string Message)
{
    /// <summary>The note in one line for people.</summary>
    /// <returns>The line.</returns>
    public override string ToString() => $"{(IsWarning ? "Warning" : "Note")}: {Message}";
}
