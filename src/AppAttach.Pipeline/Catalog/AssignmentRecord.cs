namespace AppAttach.Pipeline.Catalog;

/// <summary>Who gets a package family.</summary>
/// <param name="Family">Package family name, or <c>*</c> for every family.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Users">Security identifiers or names of users; empty: everyone on the pool's hosts.</param>
public sealed record AssignmentRecord(string Family, string Pool, IReadOnlyList<string> Users)
{
    /// <summary>Stands for every package family.</summary>
    public const string EveryFamily = "*";

    /// <summary>Key of the document.</summary>
    /// <param name="family">Package family name or <see cref="EveryFamily"/>.</param>
    /// <param name="pool">The pool.</param>
    /// <returns>The key.</returns>
    public static string KeyOf(string family, string pool) => $"{family}@{pool}";

    /// <summary>Whether a family is meant.</summary>
    /// <param name="familyName">Package family name; case does not matter, as in Windows.</param>
    /// <returns>Whether this assignment is about it.</returns>
    public bool Covers(string familyName) =>
        Family == EveryFamily || string.Equals(Family, familyName, StringComparison.OrdinalIgnoreCase);
}
