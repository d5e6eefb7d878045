namespace AppAttach.Pipeline.Catalog;

/// <summary>How far a package has come on one host.</summary>
public enum HostProgress
{
    /// <summary>The stage command is out.</summary>
    Staging,

    /// <summary>The image is mounted and the package is known; the register command is out.</summary>
    Staged,

    /// <summary>Users have it.</summary>
    Registered,

    /// <summary>It did not get there.</summary>
    Failed,

    /// <summary>The host cannot take it, by what it said of itself; nothing was sent.</summary>
    Unfit,
}
