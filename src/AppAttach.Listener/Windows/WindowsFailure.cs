using System.Runtime.InteropServices;
using AppAttach.Listener.Diagnostics;

namespace AppAttach.Listener.Windows;

/// <summary>Makes the one exception of what Windows refused, with the HRESULT kept and in words.</summary>
internal static class WindowsFailure
{
    /// <summary>The failure of a function that returned an HRESULT.</summary>
    /// <param name="code">One of <see cref="Contracts.ErrorCodes"/>.</param>
    /// <param name="what">What could not be done, without a full stop.</param>
    /// <param name="hResult">What Windows gave.</param>
    /// <param name="innerException">What was caught, if anything.</param>
    public static CommandFailedException Of(string code, string what, int hResult, Exception? innerException = null) =>
        new(code, $"{what}: {WindowsErrors.Explain(hResult)}", innerException) { WindowsResult = hResult };

    /// <summary>The failure of a function that returned a system error code.</summary>
    public static CommandFailedException OfWin32(string code, string what, uint error) => Of(code, what, WindowsErrors.FromWin32(error));

    /// <summary>The failure of a function that set the last error. Called before anything else can set it.</summary>
    public static CommandFailedException OfLastError(string code, string what) => OfWin32(code, what, (uint)Marshal.GetLastPInvokeError());
}
