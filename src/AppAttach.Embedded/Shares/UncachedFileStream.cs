using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AppAttach.Embedded.Shares;

/// <summary>
/// A new file, written front to back around the system's file cache where it can be done. An image is large and is written faster than
/// anyone reads it: through the cache each byte is copied once more, into memory that the system must first find, and the disk
/// idles until the flush at the end.
/// </summary>
/// <remarks>
/// Only on Linux, by open(2)'s O_DIRECT. It wants address, offset and length in whole blocks, and not every file system has it: the first
/// write that is not so, or that fails, turns to the cache for good and is done again there.
/// </remarks>
internal sealed partial class UncachedFileStream : Stream
{
    // A multiple of the block of every disk there is.
    private const int AlignmentBytes = 4096;

    // asm-generic/fcntl.h and, for O_DIRECT on arm64, its own fcntl.h.
    private const int SetStatusFlags = 4;
    private const int DirectOnX64 = 0x4000;
    private const int DirectOnArm64 = 0x10000;

    private readonly SafeFileHandle _file;
    private long _position;

    /// <summary>Creates the file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">There is such a file, or none can be made.</exception>
    public UncachedFileStream(string path)
    {
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var direct = (OperatingSystem.IsLinux(), RuntimeInformation.ProcessArchitecture) switch
        {
            (true, Architecture.X64) => DirectOnX64,
            (true, Architecture.Arm64) => DirectOnArm64,
            _ => 0,
        };
        IsDirect = direct != 0 && Control(_file, SetStatusFlags, direct) == 0;
    }

    /// <summary>Whether writes go around the cache, as far as is known.</summary>
    public bool IsDirect { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _position;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (IsDirect && !TryWriteDirect(buffer))
        {
            IsDirect = false;
            if (Control(_file, SetStatusFlags, 0) != 0)
            {
                throw new IOException($"Writing around the file cache could not be turned off (error {Marshal.GetLastPInvokeError()}).");
            }
        }

        if (!IsDirect)
        {
            RandomAccess.Write(_file, buffer, _position);
        }

        _position += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Does nothing: there is no buffer.</summary>
    public override void Flush()
    {
    }

    /// <summary>Waits until the file stands on the disk.</summary>
    public void FlushToDisk() => RandomAccess.FlushToDisk(_file);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TryWriteDirect(ReadOnlySpan<byte> buffer)
    {
        if (!IsInWholeBlocks(buffer))
        {
            return false;
        }

        try
        {
            RandomAccess.Write(_file, buffer, _position);
            return true;
        }
        catch (IOException)
        {
            // The write through the cache that follows succeeds, or fails for the true reason.
            return false;
        }
    }

    private unsafe bool IsInWholeBlocks(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* address = buffer)
        {
            return (nuint)address % AlignmentBytes == 0 && _position % AlignmentBytes == 0 && buffer.Length % AlignmentBytes == 0;
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);
}
