using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AppAttach.Embedded.Shares;

namespace AppAttach.Embedded.Tests.Shares;

public sealed class UncachedFileStreamTests : IDisposable
{
    private const int BlockBytes = 4096;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, BlockBytes, 3 * BlockBytes)]
    [InlineData(0, BlockBytes, 100)]
    [InlineData(0, 100, BlockBytes, BlockBytes)]
    [InlineData(0, BlockBytes, 0, BlockBytes - 1, 1, BlockBytes)]
    [InlineData(1, BlockBytes, BlockBytes)]
    public void PiecesOfAnySizeAtAnyAddress_StandInTheFileOneBehindTheOther(int addressOffset, params int[] sizes)
    {
        var path = _folder.PathOf("file.bin");
        var memory = WholeBlocks(8 * BlockBytes)[addressOffset..];
        RandomNumberGenerator.Fill(memory.Span);
        var position = 0;
        using (var file = new UncachedFileStream(path))
        {
            foreach (var size in sizes)
            {
                // A piece is written from a block's start, whatever its place in the file, so that length and offset are tried apart from the address.
                file.Write(memory.Span[..size]);
                position += size;
                Assert.Equal(position, file.Position);
            }

            file.FlushToDisk();
        }

        Assert.Equal(sizes.SelectMany(size => memory[..size].ToArray()), File.ReadAllBytes(path));
    }

    [Fact]
    public void WholeBlocks_LeaveTheCacheAside()
    {
        using var file = new UncachedFileStream(_folder.PathOf("file.bin"));
        Assert.SkipUnless(file.IsDirect, "The system or the file system of the temporary folder has no writes around the file cache.");
        file.Write(WholeBlocks(BlockBytes).Span);
        Assert.True(file.IsDirect);
        file.Write(WholeBlocks(BlockBytes).Span[..100]);
        Assert.False(file.IsDirect);
    }

    [Fact]
    public void FileThatIsThere_IsNotTouched()
    {
        var path = _folder.PathOf("file.bin");
        File.WriteAllText(path, "there");
        Assert.Throws<IOException>(() => new UncachedFileStream(path));
        Assert.Equal("there", File.ReadAllText(path));
    }

    private static Memory<byte> WholeBlocks(int count)
    {
        var array = GC.AllocateUninitializedArray<byte>(count + BlockBytes, pinned: true);
        return array.AsMemory(BlockBytes - (int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % BlockBytes), count);
    }
}
