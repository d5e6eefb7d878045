using System.Security.Cryptography;
using AppAttach.Pipeline.Ports;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace AppAttach.Azure.Files;

/// <summary>
/// One Azure Files share that holds images. A copy is made from server to server in ranges of 4 MiB, several at once, under a
/// temporary name that contains the digest: an interrupted copy goes on with the ranges that are missing. Then the file is read
/// back whole, hashed and renamed, so a file under an image's own name has been verified. Ranges of zeros are copied like others.
/// Checked against a protocol fake only.
/// </summary>
internal sealed class ImageFileShare
{
    /// <summary>Ranges that are copied at once.</summary>
    public const int CopiesAtOnce = 16;

    /// <summary>Ranges that are read at once; 4 MiB of memory each.</summary>
    public const int ReadsAtOnce = 4;

    private readonly FileShareOptions _options;
    private readonly BlobContainerClient _images;
    private readonly TokenCredential _credential;
    private readonly FileShareClient _share;

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
        FileShareClientOptions clientOptions)
    {
        _options = options;
        _images = images;
        _credential = credential;
        _share = new FileShareClient(options.ShareUri, credential, clientOptions);
    }

    /// <summary>The share's address, which tells it from the others.</summary>
    public string Address => _options.ShareUri.AbsoluteUri;

    /// <summary>Whether there is a file of an image's name and length, verified or not.</summary>
    /// <param name="imageName">The image.</param>
    /// <param name="sizeBytes">Its length, in bytes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether there is.</returns>
    /// <exception cref="ShareUnavailableException">The share does not say.</exception>
    public Task<bool> HasAsync(string imageName, long sizeBytes, CancellationToken cancellationToken) => AtShareAsync(
        $"does not say whether it has {imageName}", async () => await _share.GetLengthAsync(PathOf(imageName), cancellationToken) == sizeBytes);

    /// <summary>Makes sure that the share holds a verified copy; see <see cref="IRegionalShare"/>.</summary>
    /// <param name="imageName">The image.</param>
    /// <param name="digest">Its SHA-256.</param>
    /// <param name="sizeBytes">Its length, in bytes.</param>
    /// <param name="cancellationToken">Stops the copy.</param>
    /// <returns>The path under which hosts open the copy.</returns>
    /// <exception cref="ShareUnavailableException">The share is away or refuses: try again later.</exception>
    public Task<string> CopyAsync(string imageName, string digest, long sizeBytes, CancellationToken cancellationToken) => AtShareAsync(
        $"has no copy of {imageName} yet",
        async () =>
        {
            var path = PathOf(imageName);
            if (await _share.GetLengthAsync(path, cancellationToken) != sizeBytes
                || await HashAsync(path, sizeBytes, cancellationToken) != digest)
            {
                await MakeCopyAsync(path, imageName, digest, sizeBytes, cancellationToken);
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
            await _share.DeleteFileAsync(PathOf(imageName), cancellationToken);
            return true;
        });

    private string PathOf(string imageName) => $"{_options.Folder}/{imageName}";

    private async Task<TResult> AtShareAsync<TResult>(string failure, Func<Task<TResult>> work)
    {
        try
        {
            return await work();
        }
        // Azure.Core wraps in an AggregateException what failed at every attempt.
        catch (Exception e) when (e is RequestFailedException or AggregateException or IOException or AuthenticationFailedException)
        {
            throw new ShareUnavailableException($"The share {_options.ShareUri} {failure}: {FirstLine(e.Message)}", e);
        }
    }

    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd();

    private static IEnumerable<FileRange> RangesOf(long sizeBytes)
    {
        for (long start = 0; start < sizeBytes; start += FileShareClient.MaximumRangeBytes)
        {
            yield return new FileRange(start, Math.Min(start + FileShareClient.MaximumRangeBytes, sizeBytes) - 1);
        }
    }

    private async Task MakeCopyAsync(string path, string imageName, string digest, long sizeBytes, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{digest[..16]}.partial";
        var missing = await PrepareAsync(temporary, sizeBytes, cancellationToken);
        var source = _images.GetBlobClient(imageName).Uri;
        await Parallel.ForEachAsync(
            missing,
            new ParallelOptions { MaxDegreeOfParallelism = CopiesAtOnce, CancellationToken = cancellationToken },
            async (range, token) =>
            {
                // The credential keeps its token and renews it in time.
                var access = await _credential.GetTokenAsync(new TokenRequestContext([StorageScope.Default]), token);
                await _share.PutRangeFromUrlAsync(temporary, range, source, access.Token, token);
            });
        var copied = await HashAsync(temporary, sizeBytes, cancellationToken);
        if (copied != digest)
        {
            await _share.DeleteFileAsync(temporary, cancellationToken);
            throw new IOException($"the copy had SHA-256 {copied} instead of {digest} and was deleted; the next try begins anew.");
        }

        await _share.RenameFileAsync(temporary, path, cancellationToken);
    }

    /// <summary>Makes the temporary file, or finds the one of an earlier try; gives the ranges that it lacks.</summary>
    private async Task<IReadOnlyList<FileRange>> PrepareAsync(string temporary, long sizeBytes, CancellationToken cancellationToken)
    {
        if (await _share.GetLengthAsync(temporary, cancellationToken) == sizeBytes)
        {
            var written = await _share.ListRangesAsync(temporary, cancellationToken);
            return [.. RangesOf(sizeBytes).Where(range => !IsCovered(range, written))];
        }

        await _share.CreateDirectoryAsync(_options.Folder, cancellationToken);
        await _share.CreateFileAsync(temporary, sizeBytes, cancellationToken);
        return [.. RangesOf(sizeBytes)];
    }

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

    private async Task<string> HashAsync(string path, long sizeBytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reads = new Queue<Task<byte[]>>();
        try
        {
            foreach (var range in RangesOf(sizeBytes))
            {
                reads.Enqueue(_share.ReadRangeAsync(path, range, stop.Token));
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
}
