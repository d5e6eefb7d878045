using System.Numerics;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// The disk in a dynamic VHD. A block is a bitmap of its sectors, padded to 512 bytes, and the data; a sector whose bit is clear reads as zeros.
/// </summary>
internal sealed class VhdDynamicDisk : VirtualDisk
{
    private const int MaximumBlockSizeBytes = 256 << 20;

    private readonly ByteSource _file;
    private readonly VhdDynamicHeader _header;
    private readonly byte[] _bitmap;
    private long _currentBlock = -1;
    private VhdBatEntry _current;

    /// <summary>Opens the disk.</summary>
    /// <param name="file">The file.</param>
    /// <param name="footer">Its footer.</param>
    /// <exception cref="InvalidInputException">It is broken.</exception>
    public VhdDynamicDisk(ByteSource file, VhdFooter footer)
    {
        _file = file;
        Length = (long)footer.CurrentSizeBytes;
        Span<byte> bytes = stackalloc byte[VhdDynamicHeader.Size];
        if (footer.DataOffset > (ulong)file.Length)
        {
            throw CorruptDisk.Because($"The VHD file puts its dynamic header at {footer.DataOffset} of {file.Length} bytes.");
        }

        file.Read((long)footer.DataOffset, bytes);
        if (!VhdDynamicHeader.IsIntact(bytes))
        {
            throw CorruptDisk.Because("The VHD file's dynamic header is broken.");
        }

        _header = VhdDynamicHeader.Read(bytes);
        RequireValid();
        _bitmap = new byte[_header.BitmapSizeBytes];
        Structures =
        [
            new ByteExtent(0, VhdFooter.Size),
            new ByteExtent((long)footer.DataOffset, VhdDynamicHeader.Size),
            new ByteExtent((long)_header.TableOffset, _header.TableEntries * (long)VhdBatEntry.Size),
            new ByteExtent(file.Length - VhdFooter.Size, VhdFooter.Size),
        ];
    }

    /// <inheritdoc/>
    public override DiskFormat Format => DiskFormat.VhdDynamic;

    /// <inheritdoc/>
    public override long Length { get; }

    /// <summary>Blocks of the disk.</summary>
    public long Blocks => ((Length - 1) / _header.BlockSizeBytes) + 1;

    /// <summary>Bytes that a present block takes in the file.</summary>
    public long StoredBlockBytes => _bitmap.Length + _header.BlockSizeBytes;

    /// <summary>What stands in the file beside the blocks: footers, header, table.</summary>
    public IReadOnlyList<ByteExtent> Structures { get; }

    /// <summary>Where a block stands in the file, or null for an absent one.</summary>
    /// <param name="block">0 to <see cref="Blocks"/> - 1.</param>
    public long? OffsetOfBlock(long block)
    {
        var entry = ReadEntry(block);
        return entry == VhdBatEntry.Absent ? null : entry.FileOffset;
    }

    /// <inheritdoc/>
    protected override int ReadPart(long offset, Span<byte> buffer)
    {
        var offsetInBlock = offset % _header.BlockSizeBytes;
        buffer = buffer[..(int)Math.Min(buffer.Length, _header.BlockSizeBytes - offsetInBlock)];
        SelectBlock(offset / _header.BlockSizeBytes);
        if (_current == VhdBatEntry.Absent)
        {
            buffer.Clear();
            return buffer.Length;
        }

        // As many bytes as lie in sectors with the same bit.
        var sector = (int)(offsetInBlock / DiskUnits.SectorSizeBytes);
        var isPresent = IsSectorPresent(sector);
        var available = DiskUnits.SectorSizeBytes - (offsetInBlock % DiskUnits.SectorSizeBytes);
        while (available < buffer.Length && IsSectorPresent(++sector) == isPresent)
        {
            available += DiskUnits.SectorSizeBytes;
        }

        buffer = buffer[..(int)Math.Min(buffer.Length, available)];
        if (isPresent)
        {
            _file.Read(_current.FileOffset + _bitmap.Length + offsetInBlock, buffer);
        }
        else
        {
            buffer.Clear();
        }

        return buffer.Length;
    }

    private bool IsSectorPresent(int sector) => (_bitmap[sector / 8] & (0x80 >> (sector % 8))) != 0;

    private void SelectBlock(long block)
    {
        if (block == _currentBlock)
        {
            return;
        }

        _currentBlock = -1;
        _current = ReadEntry(block);
        if (_current != VhdBatEntry.Absent)
        {
            _file.Read(_current.FileOffset, _bitmap);
        }

        _currentBlock = block;
    }

    private VhdBatEntry ReadEntry(long block)
    {
        Span<byte> entry = stackalloc byte[VhdBatEntry.Size];
        _file.Read((long)_header.TableOffset + (block * VhdBatEntry.Size), entry);
        return VhdBatEntry.Read(entry);
    }

    private void RequireValid()
    {
        if (_header.Version != VhdDynamicHeader.CurrentVersion)
        {
            throw CorruptDisk.Unsupported($"The VHD's dynamic header has version {_header.Version:X8}; only 00010000 is read.");
        }

        if (_header.BlockSizeBytes < DiskUnits.SectorSizeBytes || _header.BlockSizeBytes > MaximumBlockSizeBytes
            || !BitOperations.IsPow2(_header.BlockSizeBytes))
        {
            throw CorruptDisk.Because($"The VHD block size is {_header.BlockSizeBytes} bytes; a power of two from 512 to 256 MiB is due.");
        }

        if (Blocks > _header.TableEntries || _header.TableOffset > (ulong)_file.Length
            || _header.TableEntries * (long)VhdBatEntry.Size > _file.Length - (long)_header.TableOffset)
        {
            throw CorruptDisk.Because(
                $"The VHD table of {_header.TableEntries} entries at {_header.TableOffset} does not hold {Blocks} blocks inside the file.");
        }
    }
}
