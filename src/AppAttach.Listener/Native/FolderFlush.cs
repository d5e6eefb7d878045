using System.Runtime.InteropServices;

namespace AppAttach.Listener.Native;

/// <summary>Flushes a folder's entries to the disk: fsync(2) on a folder, which .NET's file streams do not open.</summary>
internal static partial class FolderFlush
{
    // fcntl.h: O_RDONLY is 0 on every Unix.
    private const int OpenReadOnly = 0;

    /// <summary>Flushes a folder. File systems that cannot do it say so and are believed: the data itself has been flushed.</summary>
    public static void Flush(string folder)
    {
        var descriptor = Open(folder, OpenReadOnly);
        if (descriptor >= 0)
        {
            _ = Synchronize(descriptor);
            _ = Close(descriptor);
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronize(int descriptor);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
