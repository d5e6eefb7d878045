using System.Security.Cryptography;
using AppAttach.Imaging.Deltas;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Shares;

/// <summary>One region's share as a folder. The folder itself is not made here: one that is missing is a share that is away.</summary>
/// <param name="region">The region.</param>
/// <param name="folder">Absolute path of the share.</param>
/// <param name="images">The hub.</param>
internal sealed class DirectoryShare(string region, string folder, IImageStore images) : IRegionalShare
{
    /// <summary>Ends the names of copies that are being made; nothing else on the share has it.</summary>
    private const string UnfinishedSuffix = ".copying";

    private const int PieceBytes = 1 << 20;

    /// <inheritdoc/>
    public string Region => region;

    /// <inheritdoc/>
    public async Task<string> CopyAsync(
        string imageName, string digest, long sizeBytes, PreviousCopy? previous, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, imageName);
        try
        {
            if (!Directory.Exists(folder))
            {
                throw new ShareUnavailableException($"The share of region {region}, {folder}, is not there.");
            }

            if (!await IsCopyAsync(path, digest, sizeBytes, cancellationToken))
            {
                await MakeCopyAsync(imageName, path, digest, sizeBytes, previous, cancellationToken);
            }

            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ShareUnavailableException($"The share of region {region} failed while {imageName} was copied: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string imageName, CancellationToken cancellationToken)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                throw new ShareUnavailableException($"The share of region {region}, {folder}, is not there.");
            }

            File.Delete(Path.Combine(folder, imageName));
            File.Delete(Path.Combine(folder, imageName + UnfinishedSuffix));
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ShareUnavailableException($"The share of region {region} did not delete {imageName}: {e.Message}", e);
        }
    }

    private static async Task<bool> IsCopyAsync(string path, string digest, long sizeBytes, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length != sizeBytes)
        {
            return false;
        }

        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)) == digest;
    }

    private async Task MakeCopyAsync(
        string imageName, string path, string digest, long sizeBytes, PreviousCopy? previous, CancellationToken cancellationToken)
    {
        var unfinishedPath = path + UnfinishedSuffix;
        await using (var source = await images.OpenAsync(imageName, cancellationToken)
            ?? throw new InvalidOperationException($"The image {imageName} is not in the hub although its release says so."))
        await using (var previousFile = OpenPrevious(previous))
        await using (var target = new FileStream(unfinishedPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            // An earlier try may have written the beginning: go on there, in whole pieces. The hash below covers that part too.
            var start = target.Length <= sizeBytes ? target.Length / PieceBytes * PieceBytes : 0;
            target.SetLength(start);
            IReadOnlyList<DeltaRange> ranges = previousFile is null ? [new DeltaRange(0, sizeBytes, DeltaSource.Image)] : previous!.Ranges;
            await CopyRangesAsync(ranges, start, source, previousFile ?? Stream.Null, target, cancellationToken);
            target.SetLength(sizeBytes);
            await Task.Run(() => target.Flush(flushToDisk: true), cancellationToken);
        }

        if (await IsCopyAsync(unfinishedPath, digest, sizeBytes, cancellationToken))
        {
            File.Move(unfinishedPath, path, overwrite: true);
            return;
        }

        File.Delete(unfinishedPath);
        if (previous is not null)
        {
            // The previous copy, or what was known of it, is to blame at least as likely as the hub.
            await MakeCopyAsync(imageName, path, digest, sizeBytes, null, cancellationToken);
            return;
        }

        throw new ShareUnavailableException(
            $"The copy of {imageName} on the share of region {region} does not have the image's hash {digest}; it was removed and will be made again.");
    }

    private FileStream? OpenPrevious(PreviousCopy? previous)
    {
        var path = previous is null ? null : Path.Combine(folder, previous.ImageName);
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0) : null;
    }

    // Front to back, so that an interrupted copy has everything up to its end. Zeros are left out: where nothing is written there are some.
    private static async Task CopyRangesAsync(
        IReadOnlyList<DeltaRange> ranges, long start, Stream source, Stream previous, FileStream target, CancellationToken cancellationToken)
    {
        var buffer = new byte[PieceBytes];
        foreach (var range in ranges.Where(range => range.Source != DeltaSource.Zeros && range.EndBytes > start))
        {
            var done = Math.Max(0, start - range.OffsetBytes);
            var from = range.Source == DeltaSource.Previous ? previous : source;
            from.Position = done + (range.Source == DeltaSource.Previous ? range.SourceOffsetBytes : range.OffsetBytes);
            target.Position = range.OffsetBytes + done;
            for (int count; done < range.LengthBytes; done += count)
            {
                try
                {
                    count = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(PieceBytes, range.LengthBytes - done)), cancellationToken);
                }
                catch (IOException) when (from == previous)
                {
                    count = 0;
                }

                if (count == 0)
                {
                    // Shorter than was said, or not to be read: the hash will tell, and the image be copied whole.
                    return;
                }

                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }
    }
}
