namespace AppAttach.Imaging.Packages;

/// <summary>The next bytes of a <see cref="ForwardReader"/> as a stream of their own, which ends with them.</summary>
internal sealed class ForwardSection(ForwardReader reader, long lengthBytes) : ForwardStream
{
    private long left = lengthBytes;

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, left);
        reader.Read(buffer[..count]);
        left -= count;
        return count;
    }
}
