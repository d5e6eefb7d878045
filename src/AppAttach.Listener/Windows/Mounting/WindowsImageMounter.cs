using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Listener.Mounting;

namespace AppAttach.Listener.Windows.Mounting;

/// <summary>
/// Mounts images on Windows. Below the mount root each image has a folder named after its digest: <c>image.json</c> (what it is and how it
/// was mounted) and <c>volume</c>, at which its volume is mounted. Attached disks outlive the listener, not a reboot; the mount point of a
/// disk that is gone leads nowhere, which is how it is told from one that stands.
/// </summary>
internal sealed class WindowsImageMounter : IImageMounter
{
    private const string RecordName = "image.json";
    private const string VolumeFolder = "volume";

    // A mount whose share went away may never answer.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly string _root;

    /// <summary>Uses a folder for mounts; creates it.</summary>
    /// <param name="mountRoot">The folder, on NTFS; no other listener uses it.</param>
    public WindowsImageMounter(string mountRoot) => _root = Directory.CreateDirectory(mountRoot).FullName;

    /// <inheritdoc/>
    public string Name => "windows";

    /// <inheritdoc/>
    public async Task<IMountedImage> MountAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var folder = FolderOf(image.Digest);
        if (await FindAsync(folder) is { } mounted)
        {
            return mounted;
        }

        Clear(folder);
        var method = DiskMethods.For(image);
        var record = new WindowsMountRecord(image, Guid.NewGuid());
        try
        {
            // The record is on the disk before the disk is attached: whatever is cut off, it says what to take back.
            var point = Directory.CreateDirectory(Path.Combine(folder, VolumeFolder)).FullName;
            DurableFile.Write(Path.Combine(folder, RecordName), JsonSerializer.SerializeToUtf8Bytes(record, WindowsMountJson.Default.WindowsMountRecord));
            VolumeMountPoint.Set(point, await method.AttachAsync(record));
            return await FindAsync(folder)
                ?? throw new CommandFailedException(ErrorCodes.MountFailed, $"Image {image.Path} was mounted at {point} and does not answer.");
        }
        catch (Exception e) when (e is CommandFailedException or IOException or UnauthorizedAccessException)
        {
            Clear(folder);
            throw e as CommandFailedException ?? WindowsFailure.Of(ErrorCodes.MountFailed, $"Image {image.Path} cannot be mounted", e.HResult, e);
        }
    }

    /// <inheritdoc/>
    public Task UnmountAsync(string digest, CancellationToken cancellationToken)
    {
        Clear(FolderOf(digest));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IMountedImage>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(Directory.EnumerateDirectories(_root).Select(FindAsync))).OfType<IMountedImage>()];

    private string FolderOf(string digest) => Path.Combine(_root, digest);

    // The mount of a folder if its volume is there, answers, and we know which image it is.
    private static async Task<MountedVolume?> FindAsync(string folder)
    {
        var point = Path.Combine(folder, VolumeFolder);
        if (ReadRecord(folder) is not { } record || VolumeMountPoint.Find(point) is null)
        {
            return null;
        }

        try
        {
            var answers = Task.Run(() => Directory.EnumerateFileSystemEntries(point).Any());
            _ = await answers.WaitAsync(AnswerLimit);
            return new MountedVolume(record.Image, point);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException)
        {
            return null;
        }
    }

    private static WindowsMountRecord? ReadRecord(string folder)
    {
        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, RecordName)), WindowsMountJson.Default.WindowsMountRecord);
            return record?.Image.Digest == Path.GetFileName(folder) ? record : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    // Takes away what is left of a mount in whichever state: the mount point, the disk, the record last.
    private static void Clear(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        var point = Path.Combine(folder, VolumeFolder);
        try
        {
            if (Directory.Exists(point) || VolumeMountPoint.IsMountPoint(point))
            {
                VolumeMountPoint.Remove(point);
            }

            if (ReadRecord(folder) is { } record)
            {
                DiskMethods.For(record.Image).Detach(record);
            }

            DurableFile.Delete(Path.Combine(folder, RecordName));
            File.Delete(Path.Combine(folder, RecordName + DurableFile.UnfinishedSuffix));

            // Never recursive: if anything is still mounted, this must fail and not reach into it.
            foreach (var path in new[] { point, folder }.Where(Directory.Exists))
            {
                Directory.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw WindowsFailure.Of(ErrorCodes.MountFailed, $"The mount folder {folder} cannot be cleared", e.HResult, e);
        }
    }
}
