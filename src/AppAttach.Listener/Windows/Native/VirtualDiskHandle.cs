using Microsoft.Win32.SafeHandles;

namespace AppAttach.Listener.Windows.Native;

/// <summary>An open virtual disk. Closing it detaches nothing that was attached with permanent lifetime.</summary>
internal sealed class VirtualDiskHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Kernel.CloseHandle(handle);
}
