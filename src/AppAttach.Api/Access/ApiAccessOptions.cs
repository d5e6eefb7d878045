namespace AppAttach.Api.Access;

/// <summary>What callers of the API are known by.</summary>
public sealed record ApiAccessOptions
{
    /// <summary>Key of operators, at least 32 characters of chance.</summary>
    public required string OperatorKey { get; init; }

    /// <summary>Key of readers, at least 32 characters of chance.</summary>
    public required string ReaderKey { get; init; }

    /// <summary>Whether keys are taken from other machines over plain HTTP too. Default false.</summary>
    public bool AllowsPlainHttp { get; init; }
}
