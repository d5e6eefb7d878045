using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AppAttach.Listener.Windows.Native;

/// <summary>Starts processes as other users.</summary>
internal static partial class UserProcesses
{
    public const uint CreateUnicodeEnvironment = 0x0000_0400; // CREATE_UNICODE_ENVIRONMENT
    public const uint CreateNoWindow = 0x0800_0000;           // CREATE_NO_WINDOW

    /// <summary>
    /// The variables that a user starts with; the block is in Unicode and is freed with <see cref="DestroyEnvironmentBlock"/>.
    /// https://learn.microsoft.com/windows/win32/api/userenv/nf-userenv-createenvironmentblock.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("userenv.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CreateEnvironmentBlock(out nint environment, SafeAccessTokenHandle token, [MarshalAs(UnmanagedType.Bool)] bool inherit);

    /// <summary>https://learn.microsoft.com/windows/win32/api/userenv/nf-userenv-destroyenvironmentblock.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("userenv.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool DestroyEnvironmentBlock(nint environment);

    /// <summary>
    /// The command line is changed by the function, so it is an array that ends with a zero. Needs SeIncreaseQuotaPrivilege and, for a token
    /// that is not the caller's own, SeAssignPrimaryTokenPrivilege.
    /// https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessasuserw.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "CreateProcessAsUserW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Create(
        SafeAccessTokenHandle token,
        string applicationName,
        [In, Out] char[] commandLine,
        nint processAttributes,
        nint threadAttributes,
        [MarshalAs(UnmanagedType.Bool)] bool inheritHandles,
        uint creationFlags,
        nint environment,
        string currentDirectory,
        in StartupInformation startup,
        out ProcessInformation process);
}
