using AppAttach.Contracts;
using AppAttach.Listener.Windows.Native;

namespace AppAttach.Listener.Windows.Mounting;

/// <summary>VHDX and VHD, by the virtual disk API.</summary>
/// <param name="device"><see cref="VirtualDisk.DeviceVhd"/> or <see cref="VirtualDisk.DeviceVhdx"/>.</param>
internal sealed class VirtualDiskMethod(uint device) : IDiskMethod
{
    private const uint ErrorFileNotFound = 2;
    private const uint ErrorNotReady = 21;

    // DetachVirtualDisk of a disk that is not attached says one of these.
    private const uint ErrorInvalidParameter = 87;
    private const int PathLengthLimit = 260;

    /// <inheritdoc/>
    public async Task<string> AttachAsync(WindowsMountRecord mount)
    {
        string disk;
        using (var handle = Open(mount, VirtualDisk.AccessAttachReadOnly | VirtualDisk.AccessGetInformation | VirtualDisk.AccessDetach))
        {
            var attached = VirtualDisk.Attach(
                handle,
                securityDescriptor: 0,
                VirtualDisk.AttachReadOnly | VirtualDisk.AttachNoDriveLetter | VirtualDisk.AttachPermanentLifetime,
                providerSpecificFlags: 0,
                parameters: 0,
                overlapped: 0);
            if (attached != 0)
            {
                throw WindowsFailure.OfWin32(ErrorCodes.MountFailed, $"Image {mount.Image.Path} cannot be attached", attached);
            }

            disk = PhysicalPath(handle, mount);
        }

        return await VolumeSearch.WaitForAsync(disk)
            ?? throw new CommandFailedException(
                ErrorCodes.ImageCorrupt, $"Image {mount.Image.Path} was attached as {disk}, and no volume of it came: convert the package again.");
    }

    /// <inheritdoc/>
    public void Detach(WindowsMountRecord mount)
    {
        try
        {
            using var handle = Open(mount, VirtualDisk.AccessDetach | VirtualDisk.AccessGetInformation);
            var detached = IsAttached(handle) ? VirtualDisk.Detach(handle, flags: 0, providerSpecificFlags: 0) : 0;
            if (detached is not (0 or ErrorNotReady or ErrorInvalidParameter))
            {
                throw WindowsFailure.OfWin32(ErrorCodes.MountFailed, $"Image {mount.Image.Path} cannot be detached", detached);
            }
        }
        catch (CommandFailedException e) when (e.WindowsResult == Diagnostics.WindowsErrors.FromWin32(ErrorFileNotFound))
        {
            // The copy was removed from the share, which no mount survives.
        }
    }

    private VirtualDiskHandle Open(WindowsMountRecord mount, uint access)
    {
        // For reading only: a host may do no more on a share.
        var opened = VirtualDisk.Open(
            new VirtualStorageType(device, VirtualDisk.VendorMicrosoft), mount.Image.Path, access, flags: 0, new OpenParameters(readWriteDepth: 0), out var handle);
        if (opened == 0)
        {
            return handle;
        }

        handle.Dispose();
        throw WindowsFailure.OfWin32(ErrorCodes.MountFailed, $"Image {mount.Image.Path} cannot be opened", opened);
    }

    private static bool IsAttached(VirtualDiskHandle handle)
    {
        var path = new char[PathLengthLimit];
        var sizeBytes = (uint)(path.Length * sizeof(char));
        return VirtualDisk.GetPhysicalPath(handle, ref sizeBytes, path) == 0;
    }

    private static string PhysicalPath(VirtualDiskHandle handle, WindowsMountRecord mount)
    {
        var path = new char[PathLengthLimit];
        var sizeBytes = (uint)(path.Length * sizeof(char));
        var found = VirtualDisk.GetPhysicalPath(handle, ref sizeBytes, path);
        return found == 0
            ? new string(path).TrimEnd('\0')
            : throw WindowsFailure.OfWin32(ErrorCodes.MountFailed, $"The disk of image {mount.Image.Path} cannot be found", found);
    }
}
