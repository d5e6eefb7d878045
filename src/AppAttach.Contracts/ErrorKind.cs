namespace AppAttach.Contracts;

/// <summary>What to do about an error: the one question its receiver has.</summary>
public enum ErrorKind
{
    /// <summary>It may work later: a share is away, a service throttles. Whoever sees it tries again, with back-off.</summary>
    Retry,

    /// <summary>The package or the request is wrong. Its sender must act; trying again gives the same answer.</summary>
    Reject,

    /// <summary>Something that cannot be has happened. A human must look.</summary>
    CallHuman,
}
