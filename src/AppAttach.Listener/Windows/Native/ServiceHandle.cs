using Microsoft.Win32.SafeHandles;

namespace AppAttach.Listener.Windows.Native;

/// <summary>The service control manager or one of its services (SC_HANDLE).</summary>
internal sealed class ServiceHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Services.CloseHandle(handle);
}
