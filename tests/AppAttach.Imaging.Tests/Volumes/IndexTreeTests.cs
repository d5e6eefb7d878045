using AppAttach.Imaging.Volumes;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Tests.Volumes;

public sealed class IndexTreeTests
{
    private const int SmallestEntry = 88;
    private const int LargestEntry = 592;
    private const int LeafCapacity = 4032 - 16;
    private const int InnerCapacity = 4032 - 24;

    [Fact]
    public void EveryCountUpToTwoThousand_MakesASoundTree()
    {
        for (var count = 1; count <= 2000; count++)
        {
            RequireSound(Enumerable.Repeat((short)LargestEntry, count).ToArray(), 24);
        }
    }

    [Theory]
    [InlineData(24)]
    [InlineData(200)]
    [InlineData(496)]
    public void EntriesOfRandomSizes_MakeASoundTree(int rootCapacity)
    {
        var random = new Random(rootCapacity);
        for (var round = 0; round < 300; round++)
        {
            var sizes = new short[random.Next(1, 3000)];
            for (var entry = 0; entry < sizes.Length; entry++)
            {
                sizes[entry] = (short)(random.Next(SmallestEntry / 8, (LargestEntry / 8) + 1) * 8);
            }

            RequireSound(sizes, rootCapacity);
        }
    }

    [Fact]
    public void HundredsOfThousandsOfEntries_MakeFourLevels()
    {
        var tree = RequireSound(Enumerable.Repeat((short)104, 300_000).ToArray(), 496);
        Assert.Equal(4, tree.LevelCount);
    }

    [Fact]
    public void LastEntryThatDoesNotFit_StandsInTheLastLeafAlone()
    {
        // 45 entries of 88 bytes fill a leaf but for 56 bytes.
        var tree = RequireSound(Enumerable.Repeat((short)SmallestEntry, 46).ToArray(), 496);
        Assert.Equal(2, tree.RowCount(0));
        Assert.Equal((0, 44), tree.Row(0, 0));
        Assert.Equal((45, 46), tree.Row(0, 1));
    }

    private static IndexTree RequireSound(short[] sizes, int rootCapacity)
    {
        var tree = IndexTree.Build(sizes, rootCapacity);
        var vcns = new HashSet<long>();
        for (var level = 0; level < tree.LevelCount; level++)
        {
            for (var row = 0; row < tree.RowCount(level); row++)
            {
                var (first, end) = tree.Row(level, row);
                Assert.True(first < end, "An index buffer is empty.");
                var used = 0;
                for (var item = first; item < end; item++)
                {
                    used += sizes[tree.EntryOf(level, item)] + (level > 0 ? 8 : 0);
                }

                Assert.True(used <= (level > 0 ? InnerCapacity : LeafCapacity), "An index buffer overflows.");
                Assert.True(vcns.Add(tree.VcnOf(level, row)));
            }
        }

        Assert.Equal(tree.BufferCount, vcns.Count);
        Assert.Equal(tree.BufferCount - 1, vcns.Max());
        var inOrder = new List<int>(sizes.Length);
        Visit(tree, tree.LevelCount, 0, tree.RootEntryCount, inOrder);
        Assert.Equal(Enumerable.Range(0, sizes.Length), inOrder);
        Assert.True(Enumerable.Range(0, tree.RootEntryCount).Sum(item => sizes[tree.EntryOf(tree.LevelCount, item)] + 8)
            + IndexEntry.SizeOfLast(hasChild: true) <= rootCapacity);
        return tree;
    }

    private static void Visit(IndexTree tree, int level, int first, int end, List<int> inOrder)
    {
        for (var item = first; item <= end; item++)
        {
            if (level > 0)
            {
                var (childFirst, childEnd) = tree.Row(level - 1, item);
                Visit(tree, level - 1, childFirst, childEnd, inOrder);
            }

            if (item < end)
            {
                inOrder.Add(tree.EntryOf(level, item));
            }
        }
    }
}
