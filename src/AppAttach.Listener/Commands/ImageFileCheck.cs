using System.Security.Cryptography;
using AppAttach.Contracts;

namespace AppAttach.Listener.Commands;

/// <summary>Proves that an image file is the one a command means: its length, then its SHA-256.</summary>
internal static class ImageFileCheck
{
    private const int BufferSizeBytes = 1 << 20;

    /// <summary>Reads the whole file and compares.</summary>
    /// <param name="image">The image, with the resolved path.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandFailedException">It is missing, cannot be read, or is another file.</exception>
    public static async Task RunAsync(ImageReference image, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(
                image.Path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSizeBytes, FileOptions.SequentialScan | FileOptions.Asynchronous);
            if (file.Length != image.SizeBytes)
            {
                throw new CommandFailedException(
                    ErrorCodes.ImageMismatch,
                    $"Image {image.Path} has {file.Length} bytes; {image.SizeBytes} were expected. Copy it again.");
            }

            var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
            if (digest != image.Digest)
            {
                throw new CommandFailedException(
                    ErrorCodes.ImageMismatch,
                    $"Image {image.Path} has SHA-256 {digest}; {image.Digest} was expected. Copy it again.");
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(image, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                ErrorCodes.ShareUnavailable, $"Image {image.Path} cannot be read: {e.Message} Check that this computer may read the share.", e);
        }
    }

    private static CommandFailedException Missing(ImageReference image, Exception e) =>
        new(ErrorCodes.ImageMissing, $"There is no image {image.Path}: the share is away, or the copy was removed.", e);
}
