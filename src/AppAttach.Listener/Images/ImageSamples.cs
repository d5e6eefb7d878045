using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AppAttach.Listener.Images;

/// <summary>
/// A few parts of an image file: the first MiB, where the disk format, the partition table and the start of the volume are, and 64
/// blocks of 64 KiB at places that follow from the digest. About 5 MiB, whatever the file's length.
/// </summary>
internal static class ImageSamples
{
    private const int HeadBytes = 1 << 20;
    private const int BlockBytes = 64 << 10;
    private const int BlockCount = 64;

    /// <summary>SHA-256 over the samples.</summary>
    /// <param name="file">The file, seekable.</param>
    /// <param name="digest">The image's digest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static async Task<string> HashAsync(Stream file, string digest, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await AppendAsync(file, 0, HeadBytes, hash, cancellationToken);
        for (var i = 0; i < BlockCount; i++)
        {
            await AppendAsync(file, PlaceOf(i, digest, file.Length), BlockBytes, hash, cancellationToken);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Spread over the file: one place in each of as many equal parts.
    private static long PlaceOf(int block, string digest, long length)
    {
        var random = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.ASCII.GetBytes($"{digest}/{block}")));
        var part = Math.Max(1, length / BlockCount);
        return Math.Min((block * part) + (long)(random % (ulong)part), length);
    }

    private static async Task AppendAsync(Stream file, long offset, int count, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var buffer = new byte[count];
        file.Position = Math.Min(offset, file.Length);
        var read = await file.ReadAtLeastAsync(buffer, count, throwOnEndOfStream: false, cancellationToken);
        hash.AppendData(buffer, 0, read);
    }
}
