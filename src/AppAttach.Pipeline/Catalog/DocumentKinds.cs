namespace AppAttach.Pipeline.Catalog;

/// <summary>The kinds of documents in the catalog, and what their keys are.</summary>
public static class DocumentKinds
{
    /// <summary>What became of each drop; by instance id of its publishing.</summary>
    public const string Packages = "packages";

    /// <summary>Releases; by package full name.</summary>
    public const string Releases = "releases";

    /// <summary>Who gets what; by <c>FAMILY@POOL</c>.</summary>
    public const string Assignments = "assignments";

    /// <summary>Rollouts; by instance id.</summary>
    public const string Rollouts = "rollouts";

    /// <summary>Hosts; by name.</summary>
    public const string Hosts = "hosts";
}
