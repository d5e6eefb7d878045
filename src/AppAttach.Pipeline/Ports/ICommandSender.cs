using AppAttach.Contracts;

namespace AppAttach.Pipeline.Ports;

/// <summary>Carries commands to hosts.</summary>
public interface ICommandSender
{
    /// <summary>Makes sure that commands for a host wait for it from now on.</summary>
    /// <param name="pool">The host's pool.</param>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when its subscription exists.</returns>
    Task EnsureHostAsync(string pool, string host, CancellationToken cancellationToken);

    /// <summary>Takes away what <see cref="EnsureHostAsync"/> made, with the commands that wait there; a host without is passed over.</summary>
    /// <param name="pool">The host's pool.</param>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when its subscription is gone.</returns>
    Task RemoveHostAsync(string pool, string host, CancellationToken cancellationToken);

    /// <summary>Sends commands to hosts of one pool. A command sent twice is delivered once or twice, and has one effect.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="commands">The commands.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when the bus has all of them.</returns>
    Task SendAsync(string pool, IReadOnlyList<HostCommand> commands, CancellationToken cancellationToken);
}
