using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Reading;

namespace AppAttach.Imaging.Images;

/// <summary>
/// Looks into a disk image without mounting it: VHDX, VHD or raw, with the first NTFS volume on it. Not for use by two threads at once.
/// Every method throws <see cref="InvalidInputException"/> (<c>image-corrupt</c> or <c>image-unsupported</c>) for an image that cannot
/// be read.
/// </summary>
public sealed class ImageReader
{
    // What Windows itself can name.
    private const int MaximumPathLength = 32767;

    private readonly VirtualDisk _disk;
    private readonly VolumeReader _volume;

    private ImageReader(VirtualDisk disk)
    {
        _disk = disk;
        _volume = new VolumeReader(PartitionTable.OpenNtfsVolume(disk));
    }

    /// <summary>How the disk is kept: <c>vhdx-dynamic</c>, <c>vhdx-fixed</c>, <c>vhd-dynamic</c>, <c>vhd-fixed</c> or <c>raw</c>.</summary>
    public string Format => FormatName(_disk.Format);

    /// <summary>Size of the virtual disk, in bytes.</summary>
    public long DiskSizeBytes => _disk.Length;

    /// <summary>The volume's serial number.</summary>
    public ulong SerialNumber => _volume.Boot.SerialNumber;

    /// <summary>Opens an image.</summary>
    /// <param name="image">The image, a seekable stream, left open; it must outlive the reader and every stream it opens.</param>
    public static ImageReader Open(Stream image) => new(VirtualDisk.Open(image));

    /// <summary>Everything below a folder, each folder before what is in it, without NTFS' own system files.</summary>
    /// <param name="folder">Path of the folder, names separated by <c>/</c>; empty for the root.</param>
    /// <exception cref="FileNotFoundException">There is no such folder.</exception>
    public IEnumerable<ImageEntry> Enumerate(string folder = "")
    {
        var start = _volume.Find(folder) is { IsFolder: true } found
            ? found
            : throw new FileNotFoundException($"The image has no folder '{folder}'.", folder);
        return EnumerateBelow(start, folder.Trim('/'));
    }

    /// <summary>Finds a file or folder, without regard to case.</summary>
    /// <param name="path">Its path, names separated by <c>/</c>.</param>
    /// <returns>What it is, or null.</returns>
    public ImageEntry? Find(string path) => _volume.Find(path) is { } record ? Describe(record, path) : null;

    /// <summary>Opens a file's content.</summary>
    /// <param name="path">Its path, names separated by <c>/</c>.</param>
    /// <returns>A seekable stream, read-only.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public Stream OpenFile(string path) => _volume.Find(path) is { IsFolder: false } record
        ? new ByteSourceStream(_volume.OpenFile(record, path))
        : throw new FileNotFoundException($"The image has no file '{path}'.", path);

    /// <summary>The name of a format.</summary>
    internal static string FormatName(DiskFormat format) => format switch
    {
        DiskFormat.VhdxDynamic => "vhdx-dynamic",
        DiskFormat.VhdxFixed => "vhdx-fixed",
        DiskFormat.VhdDynamic => "vhd-dynamic",
        DiskFormat.VhdFixed => "vhd-fixed",
        _ => "raw",
    };

    private IEnumerable<ImageEntry> EnumerateBelow(FileRecord start, string startPath)
    {
        // A folder that is reached twice is refused: otherwise a broken volume could hold a loop.
        var pending = new Stack<IEnumerator<FolderEntry>>();
        var paths = new Stack<string>();
        var visited = new HashSet<long> { start.Number };
        pending.Push(_volume.EnumerateFolder(start).GetEnumerator());
        paths.Push(startPath);
        while (pending.TryPeek(out var entries))
        {
            if (!entries.MoveNext())
            {
                pending.Pop().Dispose();
                paths.Pop();
                continue;
            }

            var entry = entries.Current;
            if (entry.Reference.RecordNumber < SystemRecord.FirstUnused)
            {
                continue;
            }

            var record = _volume.ReadRecord(entry.Reference);
            var path = paths.Peek().Length == 0 ? entry.Name : $"{paths.Peek()}/{entry.Name}";
            var described = Describe(record, path);
            yield return described;
            if (record.IsFolder && !described.IsLink)
            {
                if (!visited.Add(record.Number) || path.Length > MaximumPathLength)
                {
                    throw CorruptVolume.Because("folder", $"'{entry.Name}' is in two places, or more than {MaximumPathLength} characters deep");
                }

                pending.Push(_volume.EnumerateFolder(record).GetEnumerator());
                paths.Push(path);
            }
        }
    }

    private ImageEntry Describe(FileRecord record, string path)
    {
        var times = record.ReadStandardInformation()?.Times ?? default;
        var size = record.IsFolder ? 0 : _volume.FindAttribute(record, AttributeType.Data)?.SizeBytes ?? 0;
        var isLink = _volume.FindAttribute(record, AttributeType.ReparsePoint) is not null;
        return new ImageEntry(path, record.IsFolder, size, TimeOf(times.Modified), isLink);
    }

    // A FILETIME behind the year 9999 cannot be shown; it stands for no time as well as any other.
    private static DateTimeOffset TimeOf(long fileTime) =>
        fileTime >= 0 && fileTime <= DateTimeOffset.MaxValue.ToFileTime() ? DateTimeOffset.FromFileTime(fileTime).ToUniversalTime() : default;
}
