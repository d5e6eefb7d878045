using AppAttach.Pipeline.Ports;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Files.Shares;

namespace AppAttach.Azure.Files;

/// <summary>
/// One region's Azure Files shares, with its images spread over them (<see cref="SharePlacement"/>). An image that lies on another
/// share than its first, because a share was added since, stays where it is: hosts may have it mounted.
/// </summary>
public sealed class FileShareRegionalShare : IRegionalShare
{
    private readonly BlobContainerClient _images;
    private readonly List<ImageFileShare> _shares;

    /// <summary>Makes the adapter of one region; nothing is sent yet.</summary>
    /// <param name="region">The region's name.</param>
    /// <param name="shares">Its shares, one or more.</param>
    /// <param name="images">The hub's container.</param>
    /// <param name="credential">
    /// Reads the images (Storage Blob Data Reader or more) and writes the shares (Storage File Data Privileged Contributor).
    /// </param>
    /// <param name="clientOptions">Retry and transport.</param>
    /// <exception cref="ArgumentException">There is no share.</exception>
    public FileShareRegionalShare(
        string region,
        IReadOnlyList<FileShareOptions> shares,
        BlobContainerClient images,
        TokenCredential credential,
        ShareClientOptions clientOptions)
    {
        if (shares.Count == 0)
        {
            throw new ArgumentException($"The region {region} has no share.", nameof(shares));
        }

        Region = region;
        _images = images;
        _shares = [.. shares.Select(share => new ImageFileShare(share, images, credential, clientOptions))];
    }

    /// <inheritdoc/>
    public string Region { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The hub does not have the image.</exception>
    /// <remarks>The previous copy may lie on another share of the region than the new one will.</remarks>
    public async Task<string> CopyAsync(
        string imageName, string digest, long sizeBytes, PreviousCopy? previous, CancellationToken cancellationToken)
    {
        await RequireInHubAsync(imageName, cancellationToken);
        var order = SharePlacement.Order(_shares, share => share.Address, imageName);
        var share = await FindHolderAsync(order, imageName, sizeBytes, cancellationToken) ?? await ChooseAsync(order, imageName, cancellationToken);
        var help = previous is null ? null : await FindHolderAsync(
            SharePlacement.Order(_shares, other => other.Address, previous.ImageName), previous.ImageName, null, cancellationToken);
        var earlier = help is null ? null : new EarlierCopy(help.UriOf(previous!.ImageName), previous.Ranges);
        return await share.CopyAsync(imageName, digest, sizeBytes, earlier, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>A host that has the file open makes its share unavailable, as one that is away does.</remarks>
    public async Task DeleteAsync(string imageName, CancellationToken cancellationToken)
    {
        foreach (var share in _shares)
        {
            await share.DeleteAsync(imageName, cancellationToken);
        }
    }

    /// <summary>The share that has the image, of the given length or of any; null: none, or none that can be asked. An only share is not asked.</summary>
    private static async Task<ImageFileShare?> FindHolderAsync(
        IReadOnlyList<ImageFileShare> order,
        string imageName,
        long? sizeBytes,
        CancellationToken cancellationToken)
    {
        if (order.Count == 1)
        {
            return order[0];
        }

        foreach (var share in order)
        {
            try
            {
                if (await share.HasAsync(imageName, sizeBytes, cancellationToken))
                {
                    return share;
                }
            }
            catch (ShareUnavailableException)
            {
                // One that is away does not keep the others back. At worst the image comes to lie on two.
            }
        }

        return null;
    }

    /// <summary>
    /// The share for a new image: the one where it was begun, else the one with the fewest, so that hosts times images stays as far below the limit of a share's
    /// handles as it can. The first of the image's order decides among equals, and while a share does not answer: it may be the one that has the image.
    /// </summary>
    private static async Task<ImageFileShare> ChooseAsync(IReadOnlyList<ImageFileShare> order, string imageName, CancellationToken cancellationToken)
    {
        if (order.Count == 1)
        {
            return order[0];
        }

        try
        {
            var shares = await Task.WhenAll(order.Select(async share => (Share: share, Images: await share.CountAsync(imageName, cancellationToken))));
            return shares.MinBy(share => (!share.Images.HasBegun, share.Images.Count)).Share;
        }
        catch (ShareUnavailableException)
        {
            return order[0];
        }
    }

    /// <summary>An image that is missing is no fault of the share, and trying for hours would not bring it.</summary>
    private async Task RequireInHubAsync(string imageName, CancellationToken cancellationToken)
    {
        try
        {
            if ((await _images.GetBlobClient(imageName).ExistsAsync(cancellationToken)).Value)
            {
                return;
            }
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            throw new IOException($"The hub does not say whether it has {imageName}: {e.Message.Split('\n', 2)[0].TrimEnd()}", e);
        }

        throw new InvalidOperationException($"The image {imageName} is not in the hub although its release says so.");
    }
}
