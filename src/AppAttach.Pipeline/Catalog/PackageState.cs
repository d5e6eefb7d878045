namespace AppAttach.Pipeline.Catalog;

/// <summary>Where a dropped package stands.</summary>
public enum PackageState
{
    /// <summary>It is being fetched from where a request said it is.</summary>
    Fetching,

    /// <summary>Its structure, names and manifest are being checked.</summary>
    Verifying,

    /// <summary>It is being converted, each block checked on the way.</summary>
    Converting,

    /// <summary>Its image is being copied to the regions.</summary>
    Replicating,

    /// <summary>It is available in every region.</summary>
    Released,

    /// <summary>It is available in some regions; the others did not take a copy.</summary>
    PartlyReleased,

    /// <summary>It was refused; its sender must act.</summary>
    Rejected,

    /// <summary>It could not be published for a reason that is not its own; a human must look.</summary>
    Failed,
}
