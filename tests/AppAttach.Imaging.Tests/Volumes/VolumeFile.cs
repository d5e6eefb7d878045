using AppAttach.Imaging.Volumes;
using AppAttach.Imaging.Volumes.Emission;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Security;

namespace AppAttach.Imaging.Tests.Volumes;

/// <summary>A volume in a file, made of made-up files whose content follows from their place in the list.</summary>
internal sealed class VolumeFile : IVolumeSink, IDisposable
{
    public static readonly DateTimeOffset Time = new(2024, 2, 29, 12, 34, 56, TimeSpan.Zero);

    private readonly FileStream _file;

    private VolumeFile(string path) => _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0);

    public static VolumeOptions Options { get; } = new("Apps", Time, 0x1234_5678_9ABC_DEF0);

    /// <summary>Writes the volume. Files lie in the root folder's folder <c>apps</c>.</summary>
    public static VolumePlan Write(string path, IReadOnlyList<(string Path, long SizeBytes)> files, Func<int, byte[]>? contentOf = null)
    {
        var plan = Plan(files);
        Write(path, plan, files.Count, contentOf, index => files[index].SizeBytes);
        return plan;
    }

    /// <summary>Writes a volume that is planned already.</summary>
    public static void Write(string path, VolumePlan plan, int files, Func<int, byte[]>? contentOf, Func<int, long>? sizeOf = null)
    {
        using var file = new VolumeFile(path);
        var writer = new VolumeWriter(plan, file);
        writer.WriteFileSystem();
        for (var index = 0; index < files; index++)
        {
            WriteContent(writer, index, sizeOf?.Invoke(index) ?? 0, contentOf);
        }

        writer.Complete();
        file._file.SetLength(plan.PartitionLengthBytes);
    }

    public static VolumePlan Plan(IReadOnlyList<(string Path, long SizeBytes)> files)
    {
        var tree = new VolumeTree();
        var root = tree.AddFolder(SystemRecord.RootFolder, "apps", PackageSecurity.PackagesFolder);
        foreach (var (path, size) in files)
        {
            tree.AddFile(root, path, size);
        }

        return VolumePlan.Create(tree, Options);
    }

    /// <summary>The byte that stands at a place of a made-up file.</summary>
    public static byte ByteAt(int file, long offset) => (byte)((file * 31) + (offset * 7) + (offset >> 8) + 1);

    public static byte[] ContentOf(int file, int sizeBytes)
    {
        var content = new byte[sizeBytes];
        for (var offset = 0; offset < sizeBytes; offset++)
        {
            content[offset] = ByteAt(file, offset);
        }

        return content;
    }

    // All zeros become a hole, so that volumes of many gigabytes take no space.
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.ContainsAnyExcept((byte)0))
        {
            _file.Write(bytes);
        }
        else
        {
            _file.Position += bytes.Length;
        }
    }

    public void Skip(long count) => _file.Position += count;

    public void Dispose() => _file.Dispose();

    private static void WriteContent(VolumeWriter writer, int index, long sizeBytes, Func<int, byte[]>? contentOf)
    {
        const int largestMadeUp = 16 << 20;
        if (contentOf is not null || sizeBytes <= largestMadeUp)
        {
            writer.WriteContent(InClusters(contentOf?.Invoke(index) ?? ContentOf(index, (int)sizeBytes)));
            return;
        }

        // Large files are zero but for their last byte.
        var last = sizeBytes - 1;
        var zeros = new byte[largestMadeUp];
        long done = 0;
        for (; done + zeros.Length <= last; done += zeros.Length)
        {
            writer.WriteContent(zeros);
        }

        var end = new byte[sizeBytes - done];
        end[^1] = ByteAt(index, last);
        writer.WriteContent(InClusters(end));
    }

    /// <summary>Content with zeros to the end of its last cluster.</summary>
    public static byte[] InClusters(byte[] content)
    {
        var clusters = new byte[ClusterRun.ClustersFor(content.Length) * VolumeLimits.ClusterSizeBytes];
        content.CopyTo(clusters, 0);
        return clusters;
    }
}
