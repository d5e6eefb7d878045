using AppAttach.Api.Ports;
using AppAttach.Azure.Blobs;
using AppAttach.Pipeline.Intake;

namespace AppAttach.Functions.Site;

/// <summary>Sends the page's packages straight to blob storage, past the app; who sends one to the API itself has it passed on.</summary>
/// <param name="box">Gives addresses.</param>
/// <param name="inbox">Takes packages.</param>
/// <param name="gate">Knows how long packages may be.</param>
/// <param name="largestBytes">The same, in bytes.</param>
internal sealed class BlobUpload(BlobDropBox box, BlobPackageInbox inbox, PackageGate gate, long largestBytes) : IPackageUpload
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
        await using var incoming = new IncomingStream(content, name, gate, digest: null);
        try
        {
            return await inbox.TryStoreAsync(name, incoming, cancellationToken) ? incoming.Length : null;
        }
        catch (PackageRefusedException e)
        {
            throw new InvalidDataException(e.Rejection.Message, e);
        }
    }
}
