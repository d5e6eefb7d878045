using AppAttach.Imaging;
using AppAttach.Imaging.Deltas;
using AppAttach.Imaging.Manifests;

namespace AppAttach.Embedded.Commands;

/// <summary>The image that a new one is to differ little from: <c>--base</c>. Of it only the length and the manifest beside it are read.</summary>
/// <param name="Path">Path of its manifest.</param>
/// <param name="Image">What the manifest says of the places of its files.</param>
internal sealed record BaseImage(string Path, ImageBase Image)
{
    /// <summary>Finds the manifest of an image, and makes sure that it is the image's, as far as its length tells.</summary>
    /// <exception cref="IOException">There is no manifest.</exception>
    /// <exception cref="InvalidInputException">It is none, or another image's.</exception>
    public static BaseImage Of(FileInfo image)
    {
        var path = image.FullName + ImageManifest.NameSuffix;
        if (!File.Exists(path))
        {
            throw new IOException($"{image.Name} has no manifest beside it ({path}), so no image can be based on it; convert its packages again to get one.");
        }

        using var stream = File.OpenRead(path);
        var header = ImageManifest.Read(stream);
        stream.Position = 0;
        return header.SizeBytes == image.Length
            ? new BaseImage(path, ImageBase.Read(stream))
            : throw new InvalidInputException(
                Defect.ImageMismatch,
                $"{path} is the manifest of an image of {header.SizeBytes} bytes, and {image.Name} has {image.Length}: it belongs to another image.");
    }

    /// <summary>How the new image differs.</summary>
    /// <param name="manifestPath">Path of the new image's manifest.</param>
    public ImageDelta CompareWith(string manifestPath)
    {
        using var mine = File.OpenRead(Path);
        using var other = File.OpenRead(manifestPath);
        return ImageDelta.Between(mine, other);
    }
}
