using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Tests.Volumes;

public sealed class NtfsStructureTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(127, 127)]
    [InlineData(128, 128)]
    [InlineData(32767, 32768)]
    [InlineData(32768, 8388607)]
    [InlineData(8388608, 2147483648)]
    public void Run_IsReadAsWritten(long clusterCount, long lcn)
    {
        var target = new byte[Runlist.MaximumSingleRunSize];
        var run = new DataRun(clusterCount, lcn);
        Assert.Equal(Runlist.SizeOf(run), Runlist.Write(run, target));
        Assert.Equal([run], Runlist.Read(target, 1L << 40, clusterCount));
    }

    [Fact]
    public void Hole_IsReadAsWritten()
    {
        var target = new byte[Runlist.MaximumSingleRunSize];
        Runlist.Write(new DataRun(1000, null), target);
        Assert.Equal([new DataRun(1000, null)], Runlist.Read(target, 10, 1000));
    }

    // Three runs, the second one before the first, then a hole: as Windows writes a file in pieces.
    [Fact]
    public void RunsWithNegativeDeltas_AreRead() =>
        Assert.Equal(
            [new DataRun(0x20, 0x1000), new DataRun(0x10, 0xFF0), new DataRun(8, null), new DataRun(4, 0x10F0)],
            Runlist.Read([0x21, 0x20, 0x00, 0x10, 0x11, 0x10, 0xF0, 0x01, 0x08, 0x21, 0x04, 0x00, 0x01, 0x00], 0x2000, 0x3C));

    [Theory]
    [InlineData("110102")]
    [InlineData("11010200")]
    [InlineData("11018000")]
    [InlineData("11FF0200")]
    [InlineData("1100")]
    [InlineData("990102")]
    [InlineData("000102")]
    public void BrokenRunlist_IsRefused(string bytes) =>
        Assert.Equal(
            Defect.ImageCorrupt,
            Assert.Throws<InvalidInputException>(() => Runlist.Read(Convert.FromHexString(bytes), 100, 2)).Defect);

    [Theory]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(4096)]
    public void UpdateSequence_IsTakenOutAsPutIn(int size)
    {
        var original = new byte[size];
        new Random(size).NextBytes(original);
        new FileRecordHeader(1, 1, 0x38, FileRecordFlags.InUse, size, size, default, 1, 7).Write(original);
        var structure = original.ToArray();
        UpdateSequence.Apply(structure);
        UpdateSequence.Remove(structure);
        var firstByteBehind = FileRecordHeader.UpdateSequencePosition + (UpdateSequence.CountFor(size) * 2);
        Assert.Equal(original[firstByteBehind..], structure[firstByteBehind..]);
    }

    [Fact]
    public void TornUpdateSequence_IsRefused()
    {
        var structure = new byte[1024];
        new FileRecordHeader(1, 1, 0x38, FileRecordFlags.InUse, 1024, 1024, default, 1, 7).Write(structure);
        UpdateSequence.Apply(structure);
        structure[1022]++;
        Assert.Equal(Defect.ImageCorrupt, Assert.Throws<InvalidInputException>(() => UpdateSequence.Remove(structure)).Defect);
    }

    [Fact]
    public void Structures_AreReadAsWritten()
    {
        var bytes = new byte[4096];
        var boot = new BootSector(8, 2048, 99999, 4, 40, 1024, 4096, 0x0123456789ABCDEF);
        boot.Write(bytes);
        Assert.Equal(boot, BootSector.Read(bytes));
        var times = new FileTimes(1, 2, 3, 4);
        var standard = new StandardInformation(times, FileAttributeFlags.Archive, 0x101);
        standard.Write(bytes);
        Assert.Equal(standard, StandardInformation.Read(bytes));
        var name = new FileName(new FileReference(0x1234_5678_9ABC, 5), times, 8192, 5000, FileAttributeFlags.Archive, 3, FileNameSpace.Win32);
        name.Write(bytes, "a\uD800b");
        Assert.Equal(name, FileName.Read(bytes));
        Assert.Equal("a\uD800b", FileName.Read(bytes).ReadName(bytes));
        var entry = new SecurityDescriptorEntry(1, 0x100, 2, 30);
        entry.Write(bytes);
        Assert.Equal(entry, SecurityDescriptorEntry.Read(bytes));
        var log = LogRestartPage.Clean(512 << 10);
        log.Write(bytes);
        UpdateSequence.Remove(bytes);
        Assert.Equal(log, LogRestartPage.Read(bytes));
        Assert.True(log.IsClean);
        foreach (var definition in AttributeDefinition.Table)
        {
            definition.Write(bytes);
            Assert.Equal(definition, AttributeDefinition.Read(bytes));
        }
    }

    // Whatever the bytes, a structure is read or refused.
    [Fact]
    public void RandomBytes_AreReadOrRefusedAsCorrupt()
    {
        var random = new Random(1);
        var sound = new byte[1024];
        new BootSector(8, 2048, 99999, 4, 40, 1024, 4096, 1).Write(sound);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(0, 1025)];
            if (round % 2 == 0)
            {
                random.NextBytes(bytes);
            }
            else
            {
                sound.AsSpan(0, bytes.Length).CopyTo(bytes);
                for (var change = 0; change < 4 && bytes.Length > 0; change++)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }
            }

            RequireReadOrRefused(() => BootSector.Read(bytes));
            RequireReadOrRefused(() => FileRecordHeader.Read(bytes));
            RequireReadOrRefused(() => AttributeHeader.Read(bytes).ReadName(bytes));
            RequireReadOrRefused(() => ResidentAttributeHeader.Read(bytes).Value(bytes).Length.ToString());
            RequireReadOrRefused(() => NonResidentAttributeHeader.Read(bytes));
            RequireReadOrRefused(() => Runlist.Read(bytes, 1000, 1000));
            RequireReadOrRefused(() => StandardInformation.Read(bytes));
            RequireReadOrRefused(() => FileName.Read(bytes).ReadName(bytes));
            RequireReadOrRefused(() => IndexRoot.Read(bytes));
            RequireReadOrRefused(() => IndexNodeHeader.Read(bytes));
            RequireReadOrRefused(() => IndexEntry.Read(bytes).Key(bytes).Length.ToString());
            RequireReadOrRefused(() => IndexBuffer.Read(bytes));
            RequireReadOrRefused(() => VolumeInformation.Read(bytes));
            RequireReadOrRefused(() => AttributeDefinition.Read(bytes));
            RequireReadOrRefused(() => SecurityDescriptorEntry.Read(bytes));
            RequireReadOrRefused(() => LogRestartPage.Read(bytes));
            RequireReadOrRefused(() =>
            {
                var copy = bytes.ToArray();
                UpdateSequence.Remove(copy);
                return copy;
            });
        }
    }

    private static void RequireReadOrRefused<T>(Func<T> read)
    {
        try
        {
            read();
        }
        catch (InvalidInputException refusal)
        {
            // A boot sector may also ask for sectors of a size that is not read.
            Assert.True(refusal.Defect is Defect.ImageCorrupt or Defect.ImageUnsupported, refusal.Message);
        }
    }
}
