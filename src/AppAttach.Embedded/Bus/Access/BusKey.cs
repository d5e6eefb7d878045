namespace AppAttach.Embedded.Bus.Access;

/// <summary>A shared access policy. Several with one name and key give that name several scopes.</summary>
/// <param name="Name">Name of the policy, <c>skn</c> in a token; case matters.</param>
/// <param name="Key">The key; its UTF-8 bytes as they stand sign.</param>
/// <param name="Rights">What it allows.</param>
/// <param name="Scope">Path of the entity it is for, with all below it; empty: every entity.</param>
internal sealed record BusKey(string Name, string Key, BusRights Rights, string Scope)
{
    /// <summary>Whether it allows something on an entity.</summary>
    /// <param name="right">What.</param>
    /// <param name="path">Path of the entity; case does not matter.</param>
    /// <returns>True if it does.</returns>
    public bool Allows(BusRights right, string path) => (Rights & right) == right && BusScope.Covers(Scope, path);

    /// <summary>The name only: the key never gets into a log.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
