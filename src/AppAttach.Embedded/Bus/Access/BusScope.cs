namespace AppAttach.Embedded.Bus.Access;

/// <summary>Whether a path lies within another, by whole segments.</summary>
internal static class BusScope
{
    /// <summary>Whether a scope covers a path.</summary>
    /// <param name="scope">A path, with or without slashes at its ends; empty covers everything.</param>
    /// <param name="path">The path in question.</param>
    /// <returns>True if they are equal or the path lies below the scope; case does not matter.</returns>
    public static bool Covers(string scope, string path)
    {
        var outer = scope.AsSpan().Trim('/');
        var inner = path.AsSpan().Trim('/');
        return outer.IsEmpty
            || (inner.StartsWith(outer, StringComparison.OrdinalIgnoreCase) && (inner.Length == outer.Length || inner[outer.Length] == '/'));
    }
}
