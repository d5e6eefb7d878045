using AppAttach.Contracts;

namespace AppAttach.Listener.Mounting;

/// <summary>An image that can be read now. It stays mounted until its mounter unmounts it; there is nothing to dispose of.</summary>
public interface IMountedImage
{
    /// <summary>The image copy it was mounted from.</summary>
    ImageReference Image { get; }

    /// <summary>Absolute path of the volume's root folder, or null where the image is only read and no other program sees its files.</summary>
    string? MountPoint { get; }

    /// <summary>Opens a file of the volume for reading.</summary>
    /// <param name="relativePath">Path below the volume's root, separated by <c>/</c>.</param>
    /// <returns>The content, to be disposed of by the caller; null when there is no such file.</returns>
    /// <exception cref="CommandFailedException">The image cannot be read.</exception>
    Stream? OpenFile(string relativePath);

    /// <summary>Names of the folders inside a folder of the volume.</summary>
    /// <param name="relativePath">Path below the volume's root, separated by <c>/</c>.</param>
    /// <returns>The names, in no order; none when there is no such folder.</returns>
    /// <exception cref="CommandFailedException">The image cannot be read.</exception>
    IReadOnlyList<string> ListFolders(string relativePath);
}
