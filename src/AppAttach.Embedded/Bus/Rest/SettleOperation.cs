namespace AppAttach.Embedded.Bus.Rest;

/// <summary>What a receiver does with a message it holds: 200, or 404 if it no longer holds it.</summary>
/// <param name="broker">The bus.</param>
internal sealed class SettleOperation(BusBroker broker)
{
    /// <summary>Completes: the message is gone.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The entity.</param>
    /// <returns>A task that completes when it is committed.</returns>
    public Task CompleteAsync(HttpContext context, string path) => broker.CompleteAsync(path, Token(context), MessageName(context));

    /// <summary>Unlocks: the message is there for others.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The entity.</param>
    /// <returns>A task that completes when it is committed.</returns>
    public Task UnlockAsync(HttpContext context, string path) => broker.AbandonAsync(path, Token(context), TimeSpan.Zero, MessageName(context));

    /// <summary>Renews the lock.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The entity.</param>
    /// <returns>A task that completes when it is committed.</returns>
    public Task RenewAsync(HttpContext context, string path) => broker.RenewAsync(path, Token(context), MessageName(context));

    // A token that is no GUID is one that no message is locked with; the all-zero one is never given.
    private static Guid Token(HttpContext context) => Guid.TryParse(context.Request.RouteValues["token"] as string, out var token) ? token : Guid.Empty;

    // Routing leaves an encoded slash as it is.
    private static string MessageName(HttpContext context) =>
        (context.Request.RouteValues["message"] as string ?? string.Empty).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
