using System.Runtime.InteropServices;

namespace AppAttach.Imaging.Tests.Volumes;

/// <summary>Asks ntfs-3g for what it finds in <c>$Secure</c> for a file.</summary>
internal static class MountedSecurity
{
    private const int LargestDescriptor = 64 << 10;

    /// <summary>The security descriptor of a file or folder on a mounted volume, in SDDL.</summary>
    public static string Of(string path)
    {
        var bytes = new byte[LargestDescriptor];
        var length = GetExtendedAttribute(path, "system.ntfs_acl", bytes, bytes.Length);
        Assert.True(length > 0, $"'{path}' has no attribute system.ntfs_acl: error {Marshal.GetLastPInvokeError()}.");
        return Sddl.Of(bytes[..(int)length]);
    }

    [DllImport("libc", EntryPoint = "getxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetExtendedAttribute(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, byte[] value, nint size);
}
