namespace AppAttach.TestKit.Ports;

/// <summary>Content for the port suites.</summary>
public static class PortBytes
{
    /// <summary>Bytes that look like nothing, the same for the same seed.</summary>
    public static byte[] Make(int sizeBytes, int seed = 1)
    {
        var content = new byte[sizeBytes];
        new Random(seed).NextBytes(content);
        return content;
    }

    /// <summary>Whether two contents are the same; for sizes of which a list of differences would help nobody.</summary>
    public static bool AreSame(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);

    /// <summary>The rest of a stream.</summary>
    public static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }
}
