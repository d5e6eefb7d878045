namespace AppAttach.Api.Access;

/// <summary>What came of judging a call.</summary>
/// <param name="Caller">Who calls; null: it is refused.</param>
/// <param name="Status">HTTP status of the refusal.</param>
/// <param name="Code">Its stable code.</param>
/// <param name="Message">Its sentence.</param>
public sealed record AccessVerdict(ApiCaller? Caller, int Status, string? Code, string? Message)
{
    /// <summary>Lets a call through.</summary>
    /// <param name="caller">Who calls.</param>
    /// <returns>The verdict.</returns>
    public static AccessVerdict Allow(ApiCaller caller) => new(caller, 0, null, null);

    /// <summary>Refuses a call.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">A stable code.</param>
    /// <param name="message">A sentence, the same whatever was asked for.</param>
    /// <returns>The verdict.</returns>
    public static AccessVerdict Refuse(int status, string code, string message) => new(null, status, code, message);
}
