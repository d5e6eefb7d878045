namespace AppAttach.Pipeline.Catalog;

/// <summary>How far a ring is, in the order in which it goes.</summary>
public enum RingPhase
{
    /// <summary>It has not begun.</summary>
    Waiting,

    /// <summary>Its hosts are staging.</summary>
    Staging,

    /// <summary>The gate after staging was passed.</summary>
    Staged,

    /// <summary>Its hosts are registering.</summary>
    Registering,

    /// <summary>The gate after registering was passed; the ring is watched.</summary>
    Soaking,

    /// <summary>All is well; the next ring may begin.</summary>
    Passed,
}
