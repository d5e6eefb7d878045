using System.Collections.Concurrent;
using System.Text.Json;
using AppAttach.Contracts;

namespace AppAttach.Listener.Images;

/// <summary>
/// Proves that image files are the ones that are meant, as the policy says, and remembers those that were in <c>proven/</c> below the
/// state folder. Safe for use by several threads.
/// </summary>
/// <param name="policy">How.</param>
/// <param name="readsAtOnce">How many images of one share are read at once.</param>
/// <param name="stateFolder">The listener's state folder.</param>
internal sealed class ImageProof(DigestPolicy policy, int readsAtOnce, string stateFolder) : IDisposable
{
    private readonly ImageReads _reads = new(readsAtOnce);
    private readonly string _folder = Path.Combine(stateFolder, "proven");
    private readonly ConcurrentQueue<(ImageReference Image, string ShareRoot)> _sampled = new();

    /// <summary>Proves an image.</summary>
    /// <param name="image">The image, with the resolved path.</param>
    /// <param name="shareRoot">The share it lies on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandFailedException">It is missing, cannot be read, or is another file.</exception>
    public Task RunAsync(ImageReference image, string shareRoot, CancellationToken cancellationToken) => _reads.RunAsync(
        shareRoot,
        async () =>
        {
            if (policy == DigestPolicy.Sampled && Recall(image.Digest) is { Samples: { } samples })
            {
                await ImageFileCheck.CompareSamplesAsync(image, samples, cancellationToken);
                _sampled.Enqueue((image, shareRoot));
                return;
            }

            await ReadWholeAsync(image, cancellationToken);
        },
        cancellationToken);

    /// <summary>Reads the next of the images whole of which only samples were compared.</summary>
    /// <returns>The image and why it is another one, or no reason when it is right; null when none is left.</returns>
    public async Task<(ImageReference Image, CommandFailedException? Failure)?> FinishNextAsync(CancellationToken cancellationToken)
    {
        if (!_sampled.TryDequeue(out var next))
        {
            return null;
        }

        try
        {
            await _reads.RunAsync(next.ShareRoot, () => ReadWholeAsync(next.Image, cancellationToken), cancellationToken);
            return (next.Image, null);
        }
        catch (CommandFailedException e)
        {
            Forget(next.Image.Digest);
            return (next.Image, e);
        }
    }

    /// <summary>Whether another file has taken the place of an image that was proven. A share that is away says nothing.</summary>
    public bool IsReplaced(ImageReference image)
    {
        var proven = Recall(image.Digest);
        try
        {
            var file = new FileInfo(image.Path);
            return file.Exists && (file.Length != image.SizeBytes || (proven?.Path == image.Path && file.LastWriteTimeUtc != proven.LastWriteTime.UtcDateTime));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Forgets every image but these.</summary>
    public void KeepOnly(IReadOnlySet<string> digests)
    {
        if (Directory.Exists(_folder))
        {
            foreach (var digest in Directory.EnumerateFiles(_folder).Select(file => Path.GetFileNameWithoutExtension(file)!).Where(digest => !digests.Contains(digest)))
            {
                Forget(digest);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reads.Dispose();

    private async Task ReadWholeAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var proven = await ImageFileCheck.RunAsync(image, withSamples: policy == DigestPolicy.Sampled, cancellationToken);
        DurableFile.Write(PathOf(image.Digest), JsonSerializer.SerializeToUtf8Bytes(proven, ProvenImageJson.Default.ProvenImage));
    }

    private ProvenImage? Recall(string digest)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PathOf(digest)), ProvenImageJson.Default.ProvenImage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // Not remembered: it is read whole again.
            return null;
        }
    }

    private void Forget(string digest) => DurableFile.Delete(PathOf(digest));

    private string PathOf(string digest) => Path.Combine(_folder, digest + ".json");
}
