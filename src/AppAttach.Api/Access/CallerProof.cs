namespace AppAttach.Api.Access;

/// <summary>What a caller is known by.</summary>
public enum CallerProof
{
    /// <summary>It sits at the host's own machine.</summary>
    Machine,

    /// <summary>It has a key.</summary>
    Key,

    /// <summary>A directory of people and applications says who it is.</summary>
    Directory,
}
