namespace AppAttach.Contracts;

/// <summary>What other systems and people may ask for.</summary>
public enum RequestVerb
{
    /// <summary>Fetch a package from an address and publish it.</summary>
    Publish,

    /// <summary>Give a family to a pool, or change how.</summary>
    Assign,

    /// <summary>Take a family from a pool.</summary>
    Unassign,

    /// <summary>Bring a release to a pool.</summary>
    StartRollout,

    /// <summary>Begin no further phase of a rollout.</summary>
    Pause,

    /// <summary>Go on with a rollout.</summary>
    Resume,

    /// <summary>Take back what a rollout brought; without one under way, go back to the release before the current one.</summary>
    RollBack,

    /// <summary>Take a release from every host and delete its images once nobody has them mounted.</summary>
    Retire,

    /// <summary>Compare hosts with what they should have, now.</summary>
    Reconcile,
}
