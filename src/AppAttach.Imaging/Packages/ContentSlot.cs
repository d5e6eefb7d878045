using System.Buffers;
using System.Runtime.ExceptionServices;

namespace AppAttach.Imaging.Packages;

/// <summary>One place of the ring between the reading thread, the workers and the consumer; its buffers stay with it.</summary>
internal sealed class ContentSlot : IDisposable
{
    /// <summary>Set once the slot may be looked at by the consumer.</summary>
    public ManualResetEventSlim Ready { get; } = new();

    /// <summary>The part, or null where the slot says that all is read.</summary>
    public PackagePart? Part { get; set; }

    /// <summary>Where the content stands in its file, in bytes.</summary>
    public long OffsetBytes { get; set; }

    /// <summary>Number of the block in the block map.</summary>
    public int Block { get; set; }

    /// <summary>Size of the content, in bytes.</summary>
    public int SizeBytes { get; set; }

    /// <summary>Size of the compressed block, in bytes; 0 if the content is there already.</summary>
    public int CompressedBytes { get; set; }

    /// <summary>Whether the block must end the part's deflate stream.</summary>
    public bool EndsStream { get; set; }

    /// <summary>Whether the block did not inflate alone, and waits for the content before it.</summary>
    public bool NeedsWindow { get; set; }

    /// <summary>What went wrong; thrown at the consumer.</summary>
    public ExceptionDispatchInfo? Failure { get; set; }

    /// <summary>The compressed block.</summary>
    public byte[] Input { get; private set; } = [];

    /// <summary>The content.</summary>
    public byte[] Output { get; } = ArrayPool<byte>.Shared.Rent(BlockMap.BlockBytes);

    /// <summary>Makes the slot new for its next content.</summary>
    public void Reset(PackagePart? part)
    {
        (Part, OffsetBytes, Block, SizeBytes, CompressedBytes) = (part, 0, 0, 0, 0);
        (EndsStream, NeedsWindow, Failure) = (false, false, null);
    }

    /// <summary>Makes room for a compressed block.</summary>
    public Span<byte> RentInput(int count)
    {
        if (Input.Length < count)
        {
            ReturnInput();
            Input = ArrayPool<byte>.Shared.Rent(count);
        }

        CompressedBytes = count;
        return Input.AsSpan(0, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Ready.Dispose();
        ReturnInput();
        ArrayPool<byte>.Shared.Return(Output);
    }

    private void ReturnInput()
    {
        if (Input.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(Input);
            Input = [];
        }
    }
}
