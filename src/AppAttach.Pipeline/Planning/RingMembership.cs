using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AppAttach.Contracts;

namespace AppAttach.Pipeline.Planning;

/// <summary>Says which ring a host belongs to. It depends on the host's name and the rings alone: a host stays in its ring as the pool grows.</summary>
public static class RingMembership
{
    /// <summary>The ring of a host.</summary>
    /// <param name="host">The host's name; case does not matter.</param>
    /// <param name="rings">The rings, first to last; at least one.</param>
    /// <returns>Number of the ring, from 0.</returns>
    public static int RingOf(string host, IReadOnlyList<RingDefinition> rings)
    {
        for (var ring = 0; ring < rings.Count; ring++)
        {
            if (rings[ring].Hosts.Contains(host, StringComparer.OrdinalIgnoreCase))
            {
                return ring;
            }
        }

        var place = PlaceOf(host);
        var end = 0.0;
        for (var ring = 0; ring < rings.Count; ring++)
        {
            end += rings[ring].Percent;
            if (place < end)
            {
                return ring;
            }
        }

        return rings.Count - 1;
    }

    /// <summary>Where a host stands in every pool, from its name alone: hosts are spread evenly.</summary>
    /// <param name="host">The host's name; case does not matter.</param>
    /// <returns>Its place, from 0 up to, but not, 100.</returns>
    public static double PlaceOf(string host)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(host.ToLowerInvariant()));
        return BinaryPrimitives.ReadUInt32BigEndian(digest) * 100.0 / (uint.MaxValue + 1.0);
    }
}
