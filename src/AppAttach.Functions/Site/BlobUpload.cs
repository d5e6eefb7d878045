using AppAttach.Api.Ports;
using AppAttach.Azure.Blobs;

namespace AppAttach.Functions.Site;

/// <summary>Sends the page's packages straight to blob storage, past the app; who sends one to the API itself has it passed on.</summary>
/// <param name="box">Gives addresses.</param>
/// <param name="inbox">Takes packages.</param>
/// <param name="largestBytes">Length of a package at most, in bytes.</param>
internal sealed class BlobUpload(BlobDropBox box, BlobPackageInbox inbox, long largestBytes) : IPackageUpload
{
    /// <inheritdoc/>
    public long LargestBytes => largestBytes;

    /// <inheritdoc/>
    public Uri? Elsewhere => box.Address;

    /// <inheritdoc/>
    public async Task<UploadPlace?> FindPlaceAsync(string name, CancellationToken cancellationToken) =>
        await box.GrantAsync(name, cancellationToken) is var (address, expiresAt) ? new UploadPlace(address.AbsoluteUri, BlobDropBox.BlockBytes, expiresAt) : null;

    /// <inheritdoc/>
    public async Task<long?> UploadAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        await using var counted = new CountedStream(content, largestBytes);
        return await inbox.TryStoreAsync(name, counted, cancellationToken) ? counted.Length : null;
    }
}
