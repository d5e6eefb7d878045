using AppAttach.Contracts;
using AppAttach.Listener.Windows.Native;

namespace AppAttach.Listener.Windows.Mounting;

/// <summary>
/// Composite images (CIM), which other tools made. The digest covers the <c>.cim</c> file and not the region files beside it: whoever can
/// write on the share is trusted with those.
/// </summary>
internal sealed class CompositeImageMethod : IDiskMethod
{
    private const int NotFound = unchecked((int)0x8007_0490);     // HRESULT_FROM_WIN32(ERROR_NOT_FOUND)
    private const int FileNotFound = unchecked((int)0x8007_0002); // HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)
    private const int PathNotFound = unchecked((int)0x8007_0003); // HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND)

    /// <inheritdoc/>
    public Task<string> AttachAsync(WindowsMountRecord mount) => Call(mount, () =>
    {
        var mounted = CompositeImages.Mount(Path.GetDirectoryName(mount.Image.Path)!, Path.GetFileName(mount.Image.Path), flags: 0, mount.VolumeId);
        return mounted >= 0
            ? Task.FromResult($@"\\?\Volume{mount.VolumeId:B}\")
            : throw WindowsFailure.Of(ErrorCodes.MountFailed, $"Image {mount.Image.Path} cannot be mounted", mounted);
    });

    /// <inheritdoc/>
    public void Detach(WindowsMountRecord mount) => _ = Call(mount, () =>
    {
        var dismounted = CompositeImages.Dismount(mount.VolumeId);
        return dismounted is >= 0 or NotFound or FileNotFound or PathNotFound
            ? Task.FromResult("")
            : throw WindowsFailure.Of(ErrorCodes.MountFailed, $"Image {mount.Image.Path} cannot be unmounted", dismounted);
    });

    private static Task<string> Call(WindowsMountRecord mount, Func<Task<string>> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new CommandFailedException(ErrorCodes.ImageUnsupported, $"This Windows cannot mount {mount.Image.Path}: it has no CimFS. Use VHDX.", e);
        }
    }
}
