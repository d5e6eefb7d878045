using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Tests.Checking;

/// <summary>How much of the file system the checker really watches: single bits, flipped one after the other at places spread over all of it.</summary>
public sealed class DetectionTests(ITestOutputHelper output)
{
    private const int Flips = 500;

    // Between the volume's start and the first file's content is nothing but file system.
    [Fact]
    public void FlippedBitInTheFileSystem_IsFound()
    {
        var image = SampleImage.Instance;
        var start = image.FileOffsetOfCluster(0);
        var end = image.FileOffsetOfCluster(image.FirstCluster(image.RecordOf("resident.txt"), AttributeType.Data));
        var missed = FlipBits(image, start, end, seed: 1);
        Assert.True(missed.Count <= Flips / 100, $"{missed.Count} of {Flips} flips were missed: {string.Join(", ", missed.Select(at => at - start))}.");
    }

    // $MFT by itself, where nearly every byte means something.
    [Fact]
    public void FlippedBitInFileRecords_IsFound()
    {
        var image = SampleImage.Instance;
        var missed = FlipBits(image, image.FileOffsetOfRecord(0), image.FileOffsetOfRecord(image.Volume.RecordCount), seed: 2);
        Assert.True(missed.Count <= Flips / 100, $"{missed.Count} of {Flips} flips were missed, in records {string.Join(", ", missed.Select(at => Describe(image, at)))}.");
    }

    [Fact]
    public void DiskOfOthers_IsNotHeldAgainstOurRules()
    {
        // The same volume without the disk around it is anybody's; a reserved byte of a record may then be anything.
        var image = SampleImage.Instance;
        var start = image.FileOffsetOfCluster(0);
        var volume = image.Bytes.AsSpan(start, (int)((image.Volume.Boot.SectorCount + 1) * 512)).ToArray();
        BitConverter.TryWriteBytes(volume.AsSpan(28), 0);
        volume.AsSpan(0, 512).CopyTo(volume.AsSpan(volume.Length - 512));
        Assert.Equal([], ImageChecker.Check(new MemoryStream(volume)).Findings);
        volume[image.FileOffsetOfRecord(image.RecordOf("empty.txt"), 42) - start] ^= 1;
        Assert.Equal([], ImageChecker.Check(new MemoryStream(volume)).Findings);
    }

    private static string Describe(SampleImage image, int at) =>
        $"{(at - image.FileOffsetOfRecord(0)) / 1024}:{(at - image.FileOffsetOfRecord(0)) % 1024}";

    private List<int> FlipBits(SampleImage image, int start, int end, int seed)
    {
        var random = new Random(seed);
        var bytes = image.Bytes.ToArray();
        var missed = new List<int>();
        var step = (end - start) / (double)Flips;
        for (var flip = 0; flip < Flips; flip++)
        {
            var at = start + (int)((flip + random.NextDouble()) * step);
            var bit = (byte)(1 << random.Next(8));
            bytes[at] ^= bit;
            if (ImageChecker.Check(new MemoryStream(bytes)).IsSound)
            {
                missed.Add(at);
            }

            bytes[at] ^= bit;
        }

        output.WriteLine($"{Flips - missed.Count} of {Flips} found.");
        return missed;
    }
}
