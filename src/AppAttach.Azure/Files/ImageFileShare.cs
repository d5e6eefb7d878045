using System.Security.Cryptography;
using AppAttach.Pipeline.Ports;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Files.Shares;
using Azure.Storage.Files.Shares.Models;

namespace AppAttach.Azure.Files;

/// <summary>
/// One Azure Files share that holds images. A copy is made from server to server in ranges of up to 4 MiB, several at once, under a
/// temporary name that contains the digest: an interrupted copy goes on with the ranges that are missing. Then the file is read
/// back whole, hashed and renamed, so a file under an image's own name has been verified. Checked against a protocol fake only.
/// </summary>
/// <remarks>
/// Where an earlier copy has some of the ranges, those come from it, by the same call with a file as its source: authorized by a token in
/// x-ms-copy-source-authorization, the intent header being the request's own (learn.microsoft.com/rest/api/storageservices,
/// "Put Range From URL"). Copy File is not used: it takes no token for its source, copies the whole whatever moved, and may be asynchronous.
/// </remarks>
internal sealed class ImageFileShare
{
    /// <summary>Bytes that one request copies or reads at most (learn.microsoft.com/rest/api/storageservices, "Put Range From URL").</summary>
    public const int MaximumRangeBytes = 4 << 20;

    /// <summary>Ranges that are copied at once.</summary>
    public const int CopiesAtOnce = 16;

    /// <summary>Ranges that are read at once; 4 MiB of memory each.</summary>
    public const int ReadsAtOnce = 4;

    /// <summary>A piece of a copy that is shorter is copied again when an interrupted copy goes on.</summary>
    private const int SmallestKeptBytes = 2 * (64 << 10);

    private readonly FileShareOptions _options;
    private readonly BlobContainerClient _images;
    private readonly TokenCredential _credential;
    private readonly ShareDirectoryClient _folder;

    /// <summary>Makes the adapter of one share; nothing is sent yet.</summary>
    /// <param name="options">The share.</param>
    /// <param name="images">The hub's container.</param>
    /// <param name="credential">
    /// Reads the images (Storage Blob Data Reader or more) and writes the share (Storage File Data Privileged Contributor).
    /// </param>
    /// <param name="clientOptions">Retry and transport.</param>
    public ImageFileShare(
        FileShareOptions options,
        BlobContainerClient images,
        TokenCredential credential,
        ShareClientOptions clientOptions)
    {
        _options = options;
        _images = images;
        _credential = credential;

        // Without an intent the service refuses every token.
        clientOptions.ShareTokenIntent = ShareTokenIntent.Backup;
        _folder = new ShareClient(options.ShareUri, credential, clientOptions).GetDirectoryClient(options.Folder);
    }

    /// <summary>The share's address, which tells it from the others.</summary>
    public string Address => _options.ShareUri.AbsoluteUri;

    /// <summary>The address of an image's copy, whether there is one or not.</summary>
    /// <param name="imageName">The image.</param>
    /// <returns>Its address.</returns>
    public Uri UriOf(string imageName) => _folder.GetFileClient(imageName).Uri;

    /// <summary>Whether there is a file of an image's name and length, verified or not.</summary>
    /// <param name="imageName">The image.</param>
    /// <param name="sizeBytes">Its length, in bytes; null: any.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether there is.</returns>
    /// <exception cref="ShareUnavailableException">The share does not say.</exception>
    public Task<bool> HasAsync(string imageName, long? sizeBytes, CancellationToken cancellationToken) => AtShareAsync(
        $"does not say whether it has {imageName}",
        async () => await GetLengthAsync(_folder.GetFileClient(imageName), cancellationToken) is { } length && length == (sizeBytes ?? length));

    /// <summary>The images on the share, unfinished ones too, and whether one of them is that of a name.</summary>
    /// <param name="imageName">The name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many, and whether.</returns>
    /// <exception cref="ShareUnavailableException">The share does not say.</exception>
    public Task<(int Count, bool HasBegun)> CountAsync(string imageName, CancellationToken cancellationToken) => AtShareAsync(
        "does not say what it has",
        async () =>
        {
            var (count, hasBegun) = (0, false);
            try
            {
                await foreach (var item in _folder.GetFilesAndDirectoriesAsync(new ShareDirectoryGetFilesAndDirectoriesOptions(), cancellationToken))
                {
                    count += item.IsDirectory ? 0 : 1;
                    hasBegun |= !item.IsDirectory && item.Name.StartsWith(imageName, StringComparison.OrdinalIgnoreCase);
                }
            }
            catch (RequestFailedException e) when (e.ErrorCode == ShareErrorCode.ResourceNotFound)
            {
                // No image came to this share yet.
            }

            return (count, hasBegun);
        });

    /// <summary>Makes sure that the share holds a verified copy; see <see cref="IRegionalShare"/>.</summary>
    /// <param name="imageName">The image.</param>
    /// <param name="digest">Its SHA-256.</param>
    /// <param name="sizeBytes">Its length, in bytes.</param>
    /// <param name="earlier">A copy that has some of its bytes; null: there is none.</param>
    /// <param name="cancellationToken">Stops the copy.</param>
    /// <returns>The path under which hosts open the copy.</returns>
    /// <exception cref="ShareUnavailableException">The share is away or refuses: try again later.</exception>
    public Task<string> CopyAsync(
        string imageName, string digest, long sizeBytes, EarlierCopy? earlier, CancellationToken cancellationToken) => AtShareAsync(
        $"has no copy of {imageName} yet",
        async () =>
        {
            var copy = _folder.GetFileClient(imageName);
            if (await GetLengthAsync(copy, cancellationToken) != sizeBytes || await HashAsync(copy, sizeBytes, cancellationToken) != digest)
            {
                await MakeCopyAsync(imageName, digest, sizeBytes, earlier, cancellationToken);
            }

            return $@"{_options.UncPath.TrimEnd('\\')}\{_options.Folder}\{imageName}";
        });

    /// <summary>Deletes the copy; one that is not there is passed over.</summary>
    /// <param name="imageName">The image.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when it is gone.</returns>
    /// <exception cref="ShareUnavailableException">The share is away, or a host has the file open: try again later.</exception>
    public Task DeleteAsync(string imageName, CancellationToken cancellationToken) => AtShareAsync(
        $"still has its copy of {imageName}",
        async () =>
        {
            await _folder.GetFileClient(imageName).DeleteIfExistsAsync(conditions: null, cancellationToken);
            return true;
        });

    private async Task<TResult> AtShareAsync<TResult>(string failure, Func<Task<TResult>> work)
    {
        try
        {
            return await work();
        }
        // Azure.Core wraps in an AggregateException what failed at every attempt.
        catch (Exception e) when (e is RequestFailedException or AggregateException or IOException or AuthenticationFailedException)
        {
            throw new ShareUnavailableException($"The share {_options.ShareUri} {failure}: {Reason(e)}", e);
        }
    }

    /// <summary>
    /// The service's own code, and the first line of a message: some first lines say nothing, and those after them are for who develops the client.
    /// </summary>
    private static string Reason(Exception e) =>
        (e is RequestFailedException { ErrorCode: { } code } failure ? $"{failure.Status} {code}, " : "") + e.Message.Split('\n', 2)[0].TrimEnd();

    private static async Task<long?> GetLengthAsync(ShareFileClient file, CancellationToken cancellationToken)
    {
        try
        {
            return (await file.GetPropertiesAsync(cancellationToken)).Value.ContentLength;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private static IEnumerable<FileRange> RangesOf(long sizeBytes)
    {
        for (long start = 0; start < sizeBytes; start += MaximumRangeBytes)
        {
            yield return new FileRange(start, Math.Min(start + MaximumRangeBytes, sizeBytes) - 1);
        }
    }

    private async Task MakeCopyAsync(
        string imageName, string digest, long sizeBytes, EarlierCopy? earlier, CancellationToken cancellationToken)
    {
        var temporary = _folder.GetFileClient($"{imageName}.{digest[..16]}.partial");
        await CopyPiecesAsync(
            temporary, await PrepareAsync(temporary, sizeBytes, earlier, cancellationToken), imageName, earlier?.File, cancellationToken);
        var copied = await HashAsync(temporary, sizeBytes, cancellationToken);
        if (copied == digest)
        {
            await temporary.RenameAsync($"{_options.Folder}/{imageName}", new ShareFileRenameOptions { ReplaceIfExists = true }, cancellationToken);
            return;
        }

        await temporary.DeleteIfExistsAsync(conditions: null, cancellationToken);
        if (earlier is null)
        {
            throw new IOException($"the copy had SHA-256 {copied} instead of {digest} and was deleted; the next try begins anew.");
        }

        // The earlier copy, or what was known of it, is to blame at least as likely as the hub.
        await MakeCopyAsync(imageName, digest, sizeBytes, null, cancellationToken);
    }

    private async Task CopyPiecesAsync(
        ShareFileClient temporary, IReadOnlyList<CopyPiece> pieces, string imageName, Uri? earlier, CancellationToken cancellationToken)
    {
        var image = _images.GetBlobClient(imageName).Uri;
        await Parallel.ForEachAsync(
            pieces,
            new ParallelOptions { MaxDegreeOfParallelism = CopiesAtOnce, CancellationToken = cancellationToken },
            async (piece, token) =>
            {
                if (piece.EarlierStart is { } start && Volatile.Read(ref earlier) is { } file)
                {
                    try
                    {
                        await CopyAsync(temporary, piece.Range, file, start, token);
                        return;
                    }
                    catch (Exception e) when (e is RequestFailedException or AggregateException)
                    {
                        // Gone, shorter than was said, or refused: the hub has all of it.
                        Volatile.Write(ref earlier, null);
                    }
                }

                await CopyAsync(temporary, piece.Range, image, piece.Range.Start, token);
            });
    }

    private async Task CopyAsync(ShareFileClient temporary, FileRange range, Uri source, long sourceStart, CancellationToken cancellationToken)
    {
        // The credential keeps its token and renews it in time.
        var access = await _credential.GetTokenAsync(new TokenRequestContext([StorageScope.Default]), cancellationToken);
        await temporary.UploadRangeFromUriAsync(
            source,
            range.ToHttpRange(),
            range.ToHttpRange(sourceStart),
            new ShareFileUploadRangeFromUriOptions { SourceAuthentication = new HttpAuthorization("Bearer", access.Token) },
            cancellationToken);
    }

    /// <summary>Makes the temporary file, or finds the one of an earlier try; gives the pieces that it lacks.</summary>
    private async Task<IReadOnlyList<CopyPiece>> PrepareAsync(
        ShareFileClient temporary, long sizeBytes, EarlierCopy? earlier, CancellationToken cancellationToken)
    {
        var pieces = earlier?.Pieces() ?? RangesOf(sizeBytes).Select(range => new CopyPiece(range, EarlierStart: null));
        if (await GetLengthAsync(temporary, cancellationToken) == sizeBytes)
        {
            var written = (await temporary.GetRangeListAsync(new ShareFileGetRangeListOptions(), cancellationToken)).Value.Ranges
                .Select(range => new FileRange(range.Offset, range.Offset + range.Length!.Value - 1)).OrderBy(range => range.Start).ToList();
            return [.. pieces.Where(piece => !IsThere(piece.Range, written))];
        }

        await _folder.CreateIfNotExistsAsync(new ShareDirectoryCreateOptions(), cancellationToken);
        await temporary.CreateAsync(sizeBytes, new ShareFileCreateOptions(), conditions: null, cancellationToken);
        return [.. pieces];
    }

    /// <summary>
    /// Whether a piece need not be copied again. It is not said whether List Ranges gives ranges to the byte or in the blocks of a sparse file, of
    /// 64 KiB on NTFS: so a small piece may only seem to be there, as part of a block that its neighbour is in.
    /// </summary>
    private static bool IsThere(FileRange range, IReadOnlyList<FileRange> written) =>
        range.Length >= SmallestKeptBytes && IsCovered(range, written);

    /// <summary>Whether ranges that were written, in order and possibly adjoining, hold all of a range.</summary>
    private static bool IsCovered(FileRange range, IReadOnlyList<FileRange> written)
    {
        var next = range.Start;
        foreach (var part in written)
        {
            if (part.Start <= next && part.End >= next)
            {
                next = part.End + 1;
            }
        }

        return next > range.End;
    }

    private static async Task<string> HashAsync(ShareFileClient file, long sizeBytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reads = new Queue<Task<byte[]>>();
        try
        {
            foreach (var range in RangesOf(sizeBytes))
            {
                reads.Enqueue(ReadAsync(file, range, stop.Token));
                if (reads.Count == ReadsAtOnce)
                {
                    hash.AppendData(await reads.Dequeue());
                }
            }

            while (reads.TryDequeue(out var read))
            {
                hash.AppendData(await read);
            }
        }
        finally
        {
            // After a failure the other reads are stopped and waited for, so that none outlives the token.
            await stop.CancelAsync();
            await Task.WhenAll(reads.ToArray<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<byte[]> ReadAsync(ShareFileClient file, FileRange range, CancellationToken cancellationToken)
    {
        using var download = (await file.DownloadAsync(new ShareFileDownloadOptions { Range = range.ToHttpRange() }, cancellationToken)).Value;
        var content = new byte[range.Length];
        var count = await download.Content.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        return count == content.Length
            ? content
            : throw new IOException($"{range.Length} bytes of {file.Path} were asked for, from {range.Start} on; {count} came.");
    }
}
