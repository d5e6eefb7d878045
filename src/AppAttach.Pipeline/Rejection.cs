namespace AppAttach.Pipeline;

/// <summary>Why a package is refused. Part of an activity's result, not an exception: refusing is a decision, not a failure.</summary>
/// <param name="Code">One of <see cref="Contracts.ErrorCodes"/>.</param>
/// <param name="Message">What failed, on what, the number and the limit, what to do.</param>
public sealed record Rejection(string Code, string Message);
