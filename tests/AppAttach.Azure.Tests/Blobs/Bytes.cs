using System.Security.Cryptography;

namespace AppAttach.Azure.Tests.Blobs;

/// <summary>Content that repeats nowhere, the same on each run.</summary>
internal static class Bytes
{
    /// <summary>Makes content.</summary>
    public static byte[] Make(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>SHA-256 in lower-case hexadecimal digits.</summary>
    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
