using AppAttach.Contracts;
using AppAttach.Listener.Mounting;

namespace AppAttach.Listener.Tests.Commands;

/// <summary>"Mounts" an image, whose file is lines of PATH, tab, CONTENT with line feeds as "|", by laying its files down in a folder.</summary>
internal sealed class FolderMounter(string root, CrashPoints points) : IImageMounter
{
    private readonly Dictionary<string, ImageReference> _images = [];

    public string Name => "folder";

    public bool Fails { get; set; }

    public static string Image(params (string Path, string Content)[] files) =>
        string.Join('\n', files.Select(file => file.Path + "\t" + file.Content.ReplaceLineEndings("|")));

    public Task<IMountedImage> MountAsync(ImageReference image, CancellationToken cancellationToken)
    {
        points.Around("mount", () =>
        {
            if (Fails)
            {
                throw new CommandFailedException(ErrorCodes.MountFailed, "The test says so.");
            }

            foreach (var parts in File.ReadAllLines(image.Path).Select(line => line.Split('\t')))
            {
                var path = Path.Combine(root, image.Digest, parts[0]);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, parts[1].Replace('|', '\n'));
            }

            _images[image.Digest] = image;
        });
        return Task.FromResult<IMountedImage>(new MountedVolume(image, Path.Combine(root, image.Digest)));
    }

    public Task UnmountAsync(string digest, CancellationToken cancellationToken)
    {
        points.Around("unmount", () =>
        {
            if (_images.Remove(digest))
            {
                Directory.Delete(Path.Combine(root, digest), recursive: true);
            }
        });
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<IMountedImage>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IMountedImage>>([.. _images.Values.Select(image => new MountedVolume(image, Path.Combine(root, image.Digest)))]);

    /// <summary>Takes every mount away, as a reboot does.</summary>
    public void Reboot()
    {
        foreach (var digest in _images.Keys)
        {
            Directory.Delete(Path.Combine(root, digest), recursive: true);
        }

        _images.Clear();
    }
}
