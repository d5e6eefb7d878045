using System.Security.Cryptography;
using AppAttach.Contracts;

namespace AppAttach.Listener.Images;

/// <summary>Proves that an image file is the one a command means: its length, then its SHA-256 or samples of it.</summary>
internal static class ImageFileCheck
{
    private const int BufferSizeBytes = 1 << 20;

    /// <summary>Reads the whole file and compares.</summary>
    /// <param name="image">The image, with the resolved path.</param>
    /// <param name="withSamples">Whether samples are taken too, to compare with another time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is to be remembered of it.</returns>
    /// <exception cref="CommandFailedException">It is missing, cannot be read, or is another file.</exception>
    public static Task<ProvenImage> RunAsync(ImageReference image, bool withSamples, CancellationToken cancellationToken) => ReadAsync(image, async file =>
    {
        var lastWriteTime = File.GetLastWriteTimeUtc(image.Path);
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        if (digest != image.Digest)
        {
            throw Mismatch($"Image {image.Path} has SHA-256 {digest}; {image.Digest} was expected. Copy it again.");
        }

        return new ProvenImage(image.Path, image.SizeBytes, lastWriteTime, withSamples ? await ImageSamples.HashAsync(file, image.Digest, cancellationToken) : null);
    });

    /// <summary>Reads samples of the file and compares them with those that were taken when the whole of it was right.</summary>
    /// <param name="image">The image, with the resolved path.</param>
    /// <param name="samples">SHA-256 over the samples then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandFailedException">It is missing, cannot be read, or is another file.</exception>
    public static Task CompareSamplesAsync(ImageReference image, string samples, CancellationToken cancellationToken) => ReadAsync(image, async file =>
        await ImageSamples.HashAsync(file, image.Digest, cancellationToken) == samples
            ? true
            : throw Mismatch($"Image {image.Path} is not the file that it was when it was mounted first. Copy it again."));

    private static async Task<T> ReadAsync<T>(ImageReference image, Func<FileStream, Task<T>> read)
    {
        try
        {
            await using var file = new FileStream(
                image.Path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSizeBytes, FileOptions.SequentialScan | FileOptions.Asynchronous);
            return file.Length == image.SizeBytes
                ? await read(file)
                : throw Mismatch($"Image {image.Path} has {file.Length} bytes; {image.SizeBytes} were expected. Copy it again.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailedException(ErrorCodes.ImageMissing, $"There is no image {image.Path}: the share is away, or the copy was removed.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                ErrorCodes.ShareUnavailable, $"Image {image.Path} cannot be read: {e.Message} Check that this computer may read the share.", e);
        }
    }

    private static CommandFailedException Mismatch(string message) => new(ErrorCodes.ImageMismatch, message);
}
