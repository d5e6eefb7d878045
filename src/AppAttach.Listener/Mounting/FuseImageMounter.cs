using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Listener.Images;

namespace AppAttach.Listener.Mounting;

/// <summary>
/// Mounts images on Linux: vhdimount shows the disk in the image as a file, a loop device shows the partition in that, ntfs-3g
/// mounts it read-only. All three outlive the listener. Below the mount root each image has a folder named after its digest:
/// <c>image.json</c> (what it is), <c>disk/vhdi1</c> and <c>volume/</c>.
/// </summary>
internal sealed class FuseImageMounter : IImageMounter
{
    private const string RecordName = "image.json";
    private const string DiskFolder = "disk";
    private const string DiskName = "vhdi1";
    private const string VolumeFolder = "volume";
    private const string FuseDevice = "/dev/fuse";

    // Mounts may lie over each other when two listeners have raced; more than this is somebody else's doing.
    private const int UnmountTries = 8;

    // A mount whose share went away may never answer.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly string _root;

    /// <summary>Uses a folder for mounts; creates it.</summary>
    /// <param name="mountRoot">The folder; no other listener uses it.</param>
    public FuseImageMounter(string mountRoot)
    {
        Directory.CreateDirectory(mountRoot);

        // The kernel's table has paths without links.
        _root = RealPath.Resolve(Path.GetFullPath(mountRoot));
    }

    /// <inheritdoc/>
    public string Name => "fuse";

    /// <summary>What is missing on this machine, each a sentence; empty when mounting can work.</summary>
    public static IReadOnlyList<string> FindObstacles()
    {
        if (!OperatingSystem.IsLinux())
        {
            return ["Mounting over FUSE is for Linux only."];
        }

        string[] programs = [MountPrograms.DiskMounter, MountPrograms.VolumeMounter, MountPrograms.LoopSetup, MountPrograms.Unmounter];
        return
        [
            .. programs.Where(program => MountPrograms.Find(program) is null)
                .Select(program => $"{program} is not installed (Debian: libvhdi-utils, ntfs-3g, mount)."),
            .. new[] { FuseDevice, LoopDevice.ControlPath }.Where(device => !File.Exists(device))
                .Select(device => $"There is no {device}: load its kernel module, or let the container have it."),
            .. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["The listener does not run as root, which loop devices and ntfs-3g need."],
        ];
    }

    /// <inheritdoc/>
    public async Task<IMountedImage> MountAsync(ImageReference image, CancellationToken cancellationToken)
    {
        if (await FindAsync(FolderOf(image.Digest)) is { } mounted)
        {
            return mounted;
        }

        var folder = FolderOf(image.Digest);
        await ClearAsync(folder);
        try
        {
            return await MountAsync(image, folder);
        }
        catch (Exception e) when (e is CommandFailedException or IOException or UnauthorizedAccessException)
        {
            await ClearAsync(folder);
            throw e as CommandFailedException
                ?? new CommandFailedException(ErrorCodes.MountFailed, $"Image {image.Path} cannot be mounted: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public Task UnmountAsync(string digest, CancellationToken cancellationToken) => ClearAsync(FolderOf(digest));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IMountedImage>> ListAsync(CancellationToken cancellationToken)
    {
        // All at once: each that does not answer is waited for.
        var mounted = await Task.WhenAll(Directory.EnumerateDirectories(_root).Select(FindAsync));
        return [.. mounted.OfType<IMountedImage>()];
    }

    private string FolderOf(string digest) => Path.Combine(_root, digest);

    private static async Task<MountedVolume> MountAsync(ImageReference image, string folder)
    {
        var disk = Path.Combine(folder, DiskFolder);
        var volume = Path.Combine(folder, VolumeFolder);
        Directory.CreateDirectory(disk);
        Directory.CreateDirectory(volume);
        DurableFile.Write(Path.Combine(folder, RecordName), JsonSerializer.SerializeToUtf8Bytes(image, MountJson.Default.ImageReference));

        _ = await MountPrograms.PassAsync(MountPrograms.DiskMounter, image.Path, disk);
        var diskFile = Path.Combine(disk, DiskName);
        var (offsetBytes, lengthBytes) = FindPartition(diskFile)
            ?? throw new CommandFailedException(ErrorCodes.ImageCorrupt, $"Image {image.Path} has no data partition: convert the package again.");

        var device = await LoopDevice.AttachAsync(diskFile, offsetBytes, lengthBytes);
        try
        {
            // Everyone may read; who may see which package is Windows' business, and here nobody's.
            _ = await MountPrograms.PassAsync(MountPrograms.VolumeMounter, "-o", "ro,allow_other", device, volume);
        }
        finally
        {
            // While ntfs-3g has it open this only says that it goes with ntfs-3g, however that ends.
            await LoopDevice.DetachAsync(device);
        }

        return await FindAsync(folder)
            ?? throw new CommandFailedException(ErrorCodes.MountFailed, $"Image {image.Path} was mounted at {volume} and does not answer.");
    }

    private static (long OffsetBytes, long LengthBytes)? FindPartition(string diskFile)
    {
        using var disk = File.OpenRead(diskFile);
        return GuidPartitionTable.FindDataPartition(disk);
    }

    // The mount of a folder if the kernel has it, it answers, and we know which image it is.
    private static async Task<MountedVolume?> FindAsync(string folder)
    {
        var volume = Path.Combine(folder, VolumeFolder);
        if (MountTable.ListBelow(volume).Count == 0 || ReadRecord(folder) is not { } image)
        {
            return null;
        }

        try
        {
            var answers = Task.Run(() => Directory.EnumerateFileSystemEntries(volume).Any());
            _ = await answers.WaitAsync(AnswerLimit);
            return new MountedVolume(image, volume);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException)
        {
            // "Transport endpoint is not connected": the program behind the mount has died.
            return null;
        }
    }

    private static ImageReference? ReadRecord(string folder)
    {
        try
        {
            var image = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, RecordName)), MountJson.Default.ImageReference);
            return image?.Digest == Path.GetFileName(folder) ? image : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    // Takes away what is left of a mount in whichever state, from the top layer down.
    private static async Task ClearAsync(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        await UnmountAsync(Path.Combine(folder, VolumeFolder));
        var disk = Path.Combine(folder, DiskFolder);
        if (MountTable.ListBelow(disk).Count > 0)
        {
            await LoopDevice.DetachAllAsync(Path.Combine(disk, DiskName));
            await UnmountAsync(disk);
        }

        try
        {
            // Never recursive: if anything is still mounted, this must fail and not reach into it.
            DurableFile.Delete(Path.Combine(folder, RecordName));
            File.Delete(Path.Combine(folder, RecordName + DurableFile.UnfinishedSuffix));
            foreach (var path in new[] { Path.Combine(folder, VolumeFolder), disk, folder }.Where(Directory.Exists))
            {
                Directory.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ErrorCodes.MountFailed, $"The mount folder {folder} cannot be cleared: {e.Message}", e);
        }
    }

    private static async Task UnmountAsync(string point)
    {
        var output = "";
        for (var i = 0; i < UnmountTries; i++)
        {
            if (MountTable.ListBelow(point).Count == 0)
            {
                return;
            }

            var (exitCode, said) = await MountPrograms.RunAsync(MountPrograms.Unmounter, point);
            if (exitCode != 0)
            {
                // Busy: it leaves the tree now, and ends when the last file is closed.
                output = said;
                _ = await MountPrograms.RunAsync(MountPrograms.Unmounter, "--lazy", point);
            }
        }

        if (MountTable.ListBelow(point).Count > 0)
        {
            throw new CommandFailedException(ErrorCodes.MountFailed, $"{point} cannot be unmounted: {output}");
        }
    }
}
