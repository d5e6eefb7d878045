using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Forgets hosts that are gone for good. One that says hello again is new.</summary>
/// <param name="catalog">Holds the hosts.</param>
/// <param name="sender">Holds their subscriptions.</param>
public sealed class HostRetirement(ICatalog catalog, ICommandSender sender)
{
    /// <summary>Removes a host's subscription, with the commands in it, and then its record.</summary>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether there was such a host.</returns>
    public async Task<bool> RetireAsync(string host, CancellationToken cancellationToken)
    {
        if (await catalog.ReadAsync<HostRecord>(DocumentKinds.Hosts, host, cancellationToken) is not { } entry)
        {
            return false;
        }

        // The record last: after a crash in between the host can still be found, and retired again.
        await sender.RemoveHostAsync(entry.Document.Hello.Pool, host, cancellationToken);
        await catalog.DeleteAsync(DocumentKinds.Hosts, host, cancellationToken);
        return true;
    }
}
