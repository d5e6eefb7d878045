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

    /// <summary>What the hosts of a pool should have; by name of the pool in lower case.</summary>
    public const string Plans = "plans";

    /// <summary>How far each host of a rollout has come; by <c>ROLLOUT.RING.BATCH</c>.</summary>
    public const string RolloutHosts = "rollout-hosts";

    /// <summary>What was asked for, by whom, and what became of it; by the request's id.</summary>
    public const string Requests = "requests";
}
