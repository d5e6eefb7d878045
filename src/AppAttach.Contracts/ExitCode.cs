namespace AppAttach.Contracts;

/// <summary>What our programs end with; scripts may rely on the numbers.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>Failed, for a reason that is not the package's.</summary>
    Failed = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>A package was rejected; its code is printed.</summary>
    Rejected = 3,
}
