using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Reading;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Checking;

/// <summary>An image of a package with every kind of file, in memory, and where things stand in it.</summary>
internal sealed class SampleImage
{
    public const string LargeFile = "large.bin";

    private static readonly Lazy<SampleImage> LazyInstance = new(() => new SampleImage());
    private readonly VhdxDisk _disk;

    private SampleImage()
    {
        var builder = new PackageBuilder()
            .With("empty.txt", "")
            .With("resident.txt", "a few bytes")
            .With(LargeFile, PackageBuilder.Content(300_000))
            .With("deep/er/and/deeper/Grüße 漢字.txt", PackageBuilder.Content(5000));
        for (var i = 0; i < 400; i++)
        {
            builder.With($"many/file-{i:D5} with a name that takes room.txt", PackageBuilder.Content(i, i));
        }

        PackageBytes = builder.Build();
        var output = new MemoryStream();
        ImageWriter.WriteAsync([OpenPackage()], new ImageOptions(), output).GetAwaiter().GetResult();
        Bytes = output.ToArray();
        _disk = (VhdxDisk)VirtualDisk.Open(new MemoryStream(Bytes));
        Volume = new VolumeReader(PartitionTable.OpenNtfsVolume(_disk));
    }

    public static SampleImage Instance => LazyInstance.Value;

    public byte[] PackageBytes { get; }

    public byte[] Bytes { get; }

    public VolumeReader Volume { get; }

    public string PackageFolder => $"apps/{OpenPackage().Identity.FullName}";

    public long DiskLength => _disk.Length;

    public Package OpenPackage() => Package.Open(new MemoryStream(PackageBytes));

    /// <summary>Where a byte of the virtual disk stands in the file.</summary>
    public int FileOffsetOfDisk(long offset)
    {
        var layout = _disk.Structure.Bat;
        var entry = _disk.ReadBatEntry(layout.EntryOfBlock(offset / layout.BlockSizeBytes));
        Assert.Equal(VhdxBlockState.FullyPresent, entry.State);
        return (int)((long)entry.FileOffset + (offset % layout.BlockSizeBytes));
    }

    /// <summary>Where a cluster's byte stands in the file.</summary>
    public int FileOffsetOfCluster(long cluster, long offset = 0) =>
        FileOffsetOfDisk(GptLayout.PartitionOffsetBytes + (cluster * Volume.Boot.ClusterSizeBytes) + offset);

    /// <summary>Where a file record's byte stands in the file; $MFT is in one piece.</summary>
    public int FileOffsetOfRecord(long record, int offset = 0) =>
        FileOffsetOfCluster(Volume.Boot.MftCluster, (record * Volume.Boot.FileRecordSizeBytes) + offset);

    /// <summary>First cluster of an attribute's value.</summary>
    public long FirstCluster(long record, AttributeType type, string name = "") =>
        Volume.FindAttribute(Volume.ReadRecord(record), type, name)!.ReadRuns(Volume.Boot.ClusterCount)[0].Lcn!.Value;

    /// <summary>Where an attribute of a record starts in the file.</summary>
    public int FileOffsetOfAttribute(long record, AttributeType type)
    {
        var found = Volume.ReadRecord(record);
        var offset = (int)found.Header.FirstAttributeOffset;
        foreach (var attribute in found.Attributes)
        {
            if (attribute.Header.Type == type)
            {
                break;
            }

            offset += attribute.Header.LengthBytes;
        }

        return FileOffsetOfRecord(record, offset);
    }

    public long RecordOf(string path) => Volume.Find($"{PackageFolder}/{path}")!.Number;
}
