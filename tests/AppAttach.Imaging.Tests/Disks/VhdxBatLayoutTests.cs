using AppAttach.Imaging.Disks;

namespace AppAttach.Imaging.Tests.Disks;

public class VhdxBatLayoutTests
{
    private const long Mebibyte = 1 << 20;

    [Theory]
    [InlineData(4095, 4095)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 4098)]
    [InlineData(8192, 8193)]
    [InlineData(8193, 8195)]
    public void BitmapEntry_StandsOnlyBetweenChunks(long blocks, long entries)
    {
        var layout = new VhdxBatLayout(blocks * Mebibyte, (int)Mebibyte, 512);

        Assert.Equal(4096, layout.ChunkRatio);
        Assert.Equal(blocks, layout.PayloadBlocks);
        Assert.Equal(entries, layout.Entries);
    }

    [Fact]
    public void BlockBehindChunk_IsOneEntryLater()
    {
        var layout = new VhdxBatLayout(5000 * Mebibyte, (int)Mebibyte, 512);

        Assert.Equal(4095, layout.EntryOfBlock(4095));
        Assert.True(layout.IsSectorBitmap(4096));
        Assert.Equal(4097, layout.EntryOfBlock(4096));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(Mebibyte, 1)]
    [InlineData(Mebibyte + 512, 2)]
    public void PartialBlock_Counts(long size, long blocks) =>
        Assert.Equal(blocks, new VhdxBatLayout(size, (int)Mebibyte, 512).PayloadBlocks);
}
