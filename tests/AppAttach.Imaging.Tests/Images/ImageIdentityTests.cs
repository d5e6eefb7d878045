using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Images;

/// <summary>Two images that differ in a byte never share an identifier, and the same image always has the same ones.</summary>
public sealed class ImageIdentityTests
{
    // Every pair of inputs of a kind that may be told apart by nothing else: one option, one byte, one time, one name, an order.
    private static readonly Dictionary<string, (Func<byte[][]> Packages, ImageOptions Options)> Variants = MakeVariants();

    public static TheoryData<string> Formats => [.. Enum.GetNames<ImageFormat>()];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task DifferentImages_ShareNoIdentifier(string format)
    {
        var images = new Dictionary<string, string>();
        var owners = new Dictionary<Guid, string>();
        var serials = new Dictionary<ulong, string>();
        foreach (var (name, variant) in Variants)
        {
            var options = variant.Options with { Format = Enum.Parse<ImageFormat>(format) };
            var packages = variant.Packages().Select(package => Package.Open(new MemoryStream(package))).ToList();
            var record = await ImageWriter.WriteAsync(packages, options, Stream.Null);
            Assert.True(images.TryAdd(record.Digest, name), $"'{name}' and '{images[record.Digest]}' are one image; the test proves nothing.");

            using var image = new MemoryStream();
            await ImageWriter.WriteAsync(packages, options with { Workers = 3 }, image);
            var disk = VirtualDisk.Open(image);
            var identity = ReadBack(image, disk);
            Assert.All(identity.Guids, guid => Assert.True(owners.TryAdd(guid, name), $"'{name}' shares {guid} with '{owners.GetValueOrDefault(guid)}'."));
            Assert.True(serials.TryAdd(identity.Serial, name), $"'{name}' shares its serial number with '{serials.GetValueOrDefault(identity.Serial)}'.");
        }
    }

    private static (List<Guid> Guids, ulong Serial) ReadBack(MemoryStream image, VirtualDisk disk)
    {
        const int gptGuidOffset = 512 + 56;
        const int partitionGuidOffset = 1024 + 16;
        var head = new byte[2048];
        disk.Read(0, head);
        var guids = new List<Guid> { new(head.AsSpan(gptGuidOffset, 16)), new(head.AsSpan(partitionGuidOffset, 16)) };
        if (disk is VhdxDisk vhdx)
        {
            guids.Add(vhdx.Structure.Header.FileWriteGuid);
            guids.Add(vhdx.Structure.Header.DataWriteGuid);
        }
        else
        {
            const int uniqueIdOffset = 512 - 68;
            guids.Add(new Guid(image.ToArray().AsSpan((int)image.Length - uniqueIdOffset, 16)));
        }

        return (guids, ImageReader.Open(image).SerialNumber);
    }

    private static Dictionary<string, (Func<byte[][]> Packages, ImageOptions Options)> MakeVariants()
    {
        static PackageBuilder Builder(string content = "x", string name = "Contoso.Sample", string? kind = null, int seconds = 0) =>
            new PackageBuilder
            {
                Name = name,
                IsResource = kind is not null,
                Options = PackageWriterOptions.Default with { LastWriteTime = new DateTimeOffset(2020, 1, 1, 0, 0, seconds, TimeSpan.Zero) },
            }.With("data.bin", content);
        var later = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new()
        {
            ["plain"] = (() => [Builder().Build()], new()),
            ["root folder"] = (() => [Builder().Build()], new() { RootFolder = "other" }),
            ["label"] = (() => [Builder().Build()], new() { VolumeLabel = "Other" }),
            ["no label"] = (() => [Builder().Build()], new() { VolumeLabel = "" }),
            ["label and root folder swapped"] = (() => [Builder().Build()], new() { RootFolder = "Apps", VolumeLabel = "apps" }),
            ["image time"] = (() => [Builder().Build()], new() { Time = later }),
            ["file times, image time given"] = (() => [Builder(seconds: 2).Build()], new() { Time = later }),
            ["file times"] = (() => [Builder(seconds: 2).Build()], new()),
            ["content"] = (() => [Builder("y").Build()], new()),
            ["name"] = (() => [Builder(name: "Contoso.Sample2").Build()], new()),
            ["kind"] = (() => [Builder(kind: "resource").Build()], new()),
            ["one more file"] = (() => [Builder().With("more", "").Build()], new()),
            ["file's name"] = (() => [Builder().With("More", "").Build()], new()),
            ["two packages"] = (() => [Builder().Build(), Builder(name: "Contoso.Two").Build()], new()),
            ["two packages, the other way round"] = (() => [Builder(name: "Contoso.Two").Build(), Builder().Build()], new()),
        };
    }
}
