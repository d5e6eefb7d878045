using System.Security.Cryptography;
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
    public async Task<string> CopyAsync(string imageName, string digest, long sizeBytes, CancellationToken cancellationToken)
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
                await MakeCopyAsync(imageName, path, digest, sizeBytes, cancellationToken);
            }

            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ShareUnavailableException($"The share of region {region} failed while {imageName} was copied: {e.Message}", e);
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

    private async Task MakeCopyAsync(string imageName, string path, string digest, long sizeBytes, CancellationToken cancellationToken)
    {
        var unfinishedPath = path + UnfinishedSuffix;
        await using (var source = await images.OpenAsync(imageName, cancellationToken)
            ?? throw new InvalidOperationException($"The image {imageName} is not in the hub although its release says so."))
        await using (var target = new FileStream(unfinishedPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            // An earlier try may have written the beginning: go on there, in whole pieces. The hash below covers that part too.
            var start = target.Length <= sizeBytes ? target.Length / PieceBytes * PieceBytes : 0;
            target.SetLength(start);
            target.Position = start;
            source.Position = start;
            await source.CopyToAsync(target, PieceBytes, cancellationToken);
            await Task.Run(() => target.Flush(flushToDisk: true), cancellationToken);
        }

        if (!await IsCopyAsync(unfinishedPath, digest, sizeBytes, cancellationToken))
        {
            File.Delete(unfinishedPath);
            throw new ShareUnavailableException(
                $"The copy of {imageName} on the share of region {region} does not have the image's hash {digest}; it was removed and will be made again.");
        }

        File.Move(unfinishedPath, path, overwrite: true);
    }
}
