namespace AppAttach.Api.Ports;

/// <summary>The bus's messages that could not be handled.</summary>
public interface IDeadLetterBox
{
    /// <summary>Lists them.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>At most 200 of each queue and subscription, the oldest first.</returns>
    Task<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Puts some back, to be handled again; the bus records who did it and when.</summary>
    /// <param name="replay">Which.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many were there; null: there is no such queue or subscription.</returns>
    Task<int?> ReplayAsync(DeadLetterReplay replay, string by, CancellationToken cancellationToken);
}
