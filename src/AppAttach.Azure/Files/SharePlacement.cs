using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AppAttach.Azure.Files;

/// <summary>
/// The order of a region's shares for an image, for a share has limits that its hosts use up together: IOPS, throughput and 10,000
/// open handles of its root, one for each host and image (learn.microsoft.com/azure/storage/files/storage-files-scale-targets, virtual-desktop-workloads).
/// Rendezvous hashing: each image has an order of its own, the same in every process. It decides among shares that have equally many images.
/// What no placement can spread is one image: a file has 2,000 open handles at most, so a region serves 2,000 hosts.
/// </summary>
internal static class SharePlacement
{
    /// <summary>The shares in the order in which an image is to be put on them.</summary>
    /// <typeparam name="TShare">Type of the shares.</typeparam>
    /// <param name="shares">The shares.</param>
    /// <param name="addressOf">What tells a share from the others.</param>
    /// <param name="imageName">The image.</param>
    /// <returns>All of them, the preferred one first.</returns>
    public static IReadOnlyList<TShare> Order<TShare>(IEnumerable<TShare> shares, Func<TShare, string> addressOf, string imageName) =>
        [.. shares.OrderBy(share => WeightOf(addressOf(share), imageName)).ThenBy(addressOf, StringComparer.Ordinal)];

    private static ulong WeightOf(string address, string imageName) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{address}\n{imageName}")));
}
