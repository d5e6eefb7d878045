using System.Runtime.InteropServices;

namespace AppAttach.Imaging.Tests.Checking;

/// <summary>What only system calls can make on a volume that ntfs-3g has mounted.</summary>
internal static class ForeignFile
{
    private const uint MountPointTag = 0xA0000003;
    private const uint SymbolicLinkTag = 0xA000000C;

    /// <summary>Gives a file one more name.</summary>
    public static void AddName(string path, string name) => RequireDone(Link(path, name), $"link '{path}' to '{name}'");

    /// <summary>Gives a file a short name.</summary>
    public static void SetShortName(string path, string name) => SetAttribute(path, "system.ntfs_dos_name", System.Text.Encoding.ASCII.GetBytes(name));

    /// <summary>Makes an empty folder a junction, and a file a symbolic link, to some place of Windows.</summary>
    public static void MakeLink(string path, string target)
    {
        var isFolder = Directory.Exists(path);
        var name = System.Text.Encoding.Unicode.GetBytes(@"\??\" + target);
        var head = isFolder ? 8 : 12;
        var data = new byte[8 + head + name.Length + 4];
        BitConverter.TryWriteBytes(data, isFolder ? MountPointTag : SymbolicLinkTag);
        BitConverter.TryWriteBytes(data.AsSpan(4), (ushort)(data.Length - 8));
        BitConverter.TryWriteBytes(data.AsSpan(10), (ushort)name.Length);
        BitConverter.TryWriteBytes(data.AsSpan(12), (ushort)(name.Length + 2));
        name.CopyTo(data, 8 + head);
        SetAttribute(path, "system.ntfs_reparse_data", data);
    }

    private static void SetAttribute(string path, string name, byte[] value) =>
        RequireDone(SetExtendedAttribute(path, name, value, value.Length, 0), $"set {name} of '{path}'");

    private static void RequireDone(int result, string what) =>
        Assert.True(result == 0, $"Could not {what}: error {Marshal.GetLastPInvokeError()}.");

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", EntryPoint = "setxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetExtendedAttribute(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, byte[] value, nint size, int flags);
}
