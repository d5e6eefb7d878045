using System.Buffers.Binary;
using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Tests.Checking;

/// <summary>The damage that only fixed and VHD files can have.</summary>
public class FormatCheckerTests
{
    private const int Table = VhdDynamicPlan.TableOffsetBytes;
    private const int Header = VhdDynamicPlan.HeaderOffsetBytes;
    private const int FirstBitmap = 4096 + 3584;

    private static readonly Dictionary<ImageFormat, byte[]> Images = Enum.GetValues<ImageFormat>().ToDictionary(format => format, Make);

    /// <summary>Each damage: which rule finds it, in which format, and what it does to the image.</summary>
    private static readonly Dictionary<string, (ImageFormat Format, Action<byte[]> Damage)> Damages = new()
    {
        ["disk/footer"] = (ImageFormat.VhdFixed, bytes => bytes[^100] ^= 1),
        ["mbr/no-footer"] = (ImageFormat.VhdFixed, bytes => bytes[^512] ^= 1),
        ["gpt-backup/no-footer"] = (ImageFormat.VhdFixed, bytes => bytes[^512] ^= 1),
        ["vhd-footer/dynamic"] = (ImageFormat.VhdDynamic, bytes => bytes[^100] ^= 1),
        ["vhd-footer/copy"] = (ImageFormat.VhdDynamic, bytes => bytes[100] ^= 1),
        ["disk/header"] = (ImageFormat.VhdDynamic, bytes => bytes[Header + 40] ^= 1),
        ["vhd-block/behind"] = (ImageFormat.VhdDynamic, bytes => BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Table), 0x7FFFFFFF)),
        ["vhd-block/over-table"] = (ImageFormat.VhdDynamic, bytes => BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Table), 3)),
        ["vhd-block/over-footer"] = (ImageFormat.VhdDynamic, bytes =>
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Table), (uint)((bytes.Length / 512) - 4097))),
        ["vhd-block/twice"] = (ImageFormat.VhdDynamic, bytes => bytes.AsSpan(Table, 4).CopyTo(bytes.AsSpan(Table + 4))),
        ["vhd-structure"] = (ImageFormat.VhdDynamic, MoveTableIntoHeader),
        ["gpt-primary/absent"] = (ImageFormat.VhdDynamic, bytes => bytes.AsSpan(Table, 4).Fill(0xFF)),
        ["gpt-primary/bitmap"] = (ImageFormat.VhdDynamic, bytes => bytes[FirstBitmap] = 0xBF),
        ["gpt-primary/fixed"] = (ImageFormat.VhdFixed, bytes => bytes[512 + 60] ^= 1),
        ["gpt-backup/fixed"] = (ImageFormat.VhdFixed, bytes => bytes[^(1024 - 60)] ^= 1),
        ["vhdx-block/fixed"] = (ImageFormat.VhdxFixed, bytes =>
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((int)VhdxPlan.BatOffsetBytes + 8), (ulong)VhdxBlockState.Zero)),
    };

    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(DamageNames))]
    public void Damage_IsFound(string damage)
    {
        var (format, change) = Damages[damage];
        var bytes = Images[format].ToArray();
        change(bytes);
        var report = ImageChecker.Check(new MemoryStream(bytes));

        Assert.False(report.IsSound);
        Assert.Contains(damage.Split('/')[0], report.Findings.Select(finding => finding.Id));
        Assert.All(report.Findings, finding => Assert.EndsWith(".", finding.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ImageFormat.VhdxFixed, 1, "vhdx-length")]
    [InlineData(ImageFormat.VhdFixed, 1, "raw-length")]
    [InlineData(ImageFormat.VhdFixed, 512, null)]
    [InlineData(ImageFormat.VhdDynamic, 1, "vhd-footer")]
    [InlineData(ImageFormat.VhdDynamic, 512, "vhd-footer")]
    public void TruncatedFile_IsFound(ImageFormat format, int missing, string? id)
    {
        var report = ImageChecker.Check(new MemoryStream(Images[format][..^missing]));

        // What is left of a fixed VHD without its footer is a sound raw disk.
        Assert.Equal(id is null, report.IsSound);
        Assert.True(id is null || report.Findings.Any(finding => finding.Id == id), string.Join(' ', report.Findings));
    }

    [Fact]
    public void BytesBeforeTheFooterOfAFixedFile_AreFound()
    {
        var image = Images[ImageFormat.VhdFixed];
        byte[] longer = [.. image[..^512], .. new byte[512], .. image[^512..]];
        var report = ImageChecker.Check(new MemoryStream(longer));

        Assert.Contains("vhd-length", report.Findings.Select(finding => finding.Id));
    }

    /// <summary>Whatever the bytes of tables and bitmaps are, the check ends with a report.</summary>
    [Theory]
    [InlineData(ImageFormat.VhdDynamic)]
    [InlineData(ImageFormat.VhdFixed)]
    [InlineData(ImageFormat.VhdxFixed)]
    public void RandomMutations_EndInAReport(ImageFormat format)
    {
        var random = new Random(20260105);
        for (var round = 0; round < 60; round++)
        {
            var bytes = Images[format].ToArray();
            for (var i = 0; i < 1 + random.Next(8); i++)
            {
                var at = random.Next(3) == 0 ? random.Next(bytes.Length) : random.Next(9000);
                bytes[at] = (byte)random.Next(256);
            }

            Assert.NotNull(ImageChecker.Check(new MemoryStream(bytes)));
        }
    }

    private static byte[] Make(ImageFormat format)
    {
        var output = new MemoryStream();
        var package = Package.Open(new MemoryStream(SampleImage.Instance.PackageBytes));
        ImageWriter.WriteAsync([package], new ImageOptions { Format = format }, output).GetAwaiter().GetResult();
        return output.ToArray();
    }

    private static void MoveTableIntoHeader(byte[] bytes)
    {
        var header = VhdDynamicHeader.Read(bytes.AsSpan(Header)) with { TableOffset = Header + VhdDynamicHeader.Size - 512 };
        header.Write(bytes.AsSpan(Header));
    }
}
