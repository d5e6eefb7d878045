namespace AppAttach.Imaging.Disks;

/// <summary>
/// Emits a disk file front to back. The caller gives nothing but the partition's bytes, in order; partition table and file
/// structures come from the plan.
/// </summary>
internal sealed class DiskWriter
{
    private readonly DiskPlan _plan;
    private readonly DiskFileWriter _writer;

    /// <summary>Starts a file: everything before the partition is written at once.</summary>
    /// <param name="output">Takes the file; only written to, left open.</param>
    /// <param name="plan">The plan.</param>
    public DiskWriter(Stream output, DiskPlan plan)
    {
        _plan = plan;
        _writer = plan.File.StartFile(output);
        _writer.Write(plan.Gpt.MakeHead());
    }

    /// <summary>Bytes of the partition taken so far.</summary>
    public long PartitionPosition => _writer.VirtualPosition - GptLayout.PartitionOffsetBytes;

    /// <summary>Takes the next bytes of the partition.</summary>
    /// <param name="bytes">Bytes; zeros wherever the plan's used extents leave a whole block out.</param>
    /// <exception cref="InvalidOperationException">They contradict the plan: a bug of the caller's.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Claim(bytes.Length);
        _writer.Write(bytes);
    }

    /// <summary>Leaves out the next bytes of the partition: they are zero.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <exception cref="InvalidOperationException">They end behind the partition: a bug of the caller's.</exception>
    public void Skip(long count)
    {
        Claim(count);
        _writer.Skip(count);
    }

    /// <summary>Ends the file, when all of the partition has been given.</summary>
    /// <exception cref="InvalidOperationException">Bytes are missing: a bug of the caller's.</exception>
    public void Complete()
    {
        if (PartitionPosition != _plan.Gpt.PartitionLengthBytes)
        {
            throw new InvalidOperationException(
                $"The partition ends at {PartitionPosition} instead of {_plan.Gpt.PartitionLengthBytes}, as planned.");
        }

        _writer.Write(_plan.Gpt.MakeTail());
        _writer.Complete();
    }

    private void Claim(long count)
    {
        if (count < 0 || count > _plan.Gpt.PartitionLengthBytes - PartitionPosition)
        {
            throw new InvalidOperationException(
                $"{count} bytes at {PartitionPosition} end behind the partition of {_plan.Gpt.PartitionLengthBytes} bytes.");
        }
    }
}
