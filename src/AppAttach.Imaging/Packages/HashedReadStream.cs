namespace AppAttach.Imaging.Packages;

/// <summary>The content of a part, hashed as it is read; the content stays the caller's.</summary>
internal sealed class HashedReadStream(PartContentStream content, MultiHash hash) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        var count = content.Read(buffer);
        hash.Append(buffer[..count]);
        return count;
    }

    /// <summary>Reads what is left, and checks size and CRC as <see cref="PartContentStream.Drain"/>.</summary>
    public void Drain()
    {
        Span<byte> rest = stackalloc byte[1024];
        while (Read(rest) > 0)
        {
        }

        content.Drain();
    }
}
