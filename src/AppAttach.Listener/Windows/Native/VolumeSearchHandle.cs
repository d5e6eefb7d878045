using Microsoft.Win32.SafeHandles;

namespace AppAttach.Listener.Windows.Native;

/// <summary>A search for volumes.</summary>
internal sealed class VolumeSearchHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Volumes.FindClose(handle);
}
