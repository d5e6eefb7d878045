namespace AppAttach.Api.Ports;

/// <summary>Finds what changed in the catalog, for a host that is not told: other processes write there too.</summary>
public interface IChangeSource
{
    /// <summary>Looks once; never two at a time.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Documents that changed since the look before; none at the first.</returns>
    Task<IReadOnlyList<(string Kind, string Key)>> LookAsync(CancellationToken cancellationToken);
}
