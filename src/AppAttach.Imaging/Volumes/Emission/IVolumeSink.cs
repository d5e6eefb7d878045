namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>Takes the bytes of a partition, front to back.</summary>
internal interface IVolumeSink
{
    /// <summary>Takes the next bytes.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Leaves out the next bytes: they are zero.</summary>
    /// <param name="count">How many.</param>
    void Skip(long count);
}
