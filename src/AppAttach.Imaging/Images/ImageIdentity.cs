using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Images;

/// <summary>
/// Derives every identifier of an image from what is in it: the same packages and options give the same identifiers, any other
/// ones others. Windows takes a disk offline while another with the same identity is online, so they must not collide.
/// </summary>
internal sealed class ImageIdentity
{
    /// <summary>Changes whenever the writer lays out the same files differently, since then the image is another one.</summary>
    public const string LayoutVersion = "2";

    private readonly byte[] _seed;

    private ImageIdentity(byte[] seed, DateTimeOffset time) => (_seed, Time) = (seed, time);

    /// <summary>The time of everything in the image that has none of its own.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The disk's identifiers.</summary>
    public DiskIdentifiers Disk => new(
        new VhdxIdentifiers(GuidOf("vhdx file write"), GuidOf("vhdx data write"), GuidOf("vhdx disk")),
        new VhdIdentifiers(GuidOf("vhd disk"), VhdFooter.TimeStampOf(Time)),
        GuidOf("gpt disk"),
        GuidOf("gpt partition"));

    /// <summary>The volume's serial number, never 0.</summary>
    public ulong VolumeSerialNumber => Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(Derive("ntfs serial")));

    /// <summary>Derives the identity of an image.</summary>
    /// <param name="packages">Its packages; small files of theirs are read.</param>
    /// <param name="options">Its options.</param>
    /// <param name="time">The time of everything in it.</param>
    /// <exception cref="InvalidInputException">A package is broken.</exception>
    public static ImageIdentity Of(IReadOnlyList<Package> packages, ImageOptions options, DateTimeOffset time)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, LayoutVersion);
        Add(hash, options.RootFolder);
        Add(hash, options.VolumeLabel);
        Add(hash, options.Format.ToString());
        Add(hash, time.UtcTicks.ToString(CultureInfo.InvariantCulture));
        if (options.Base is { } previous)
        {
            Add(hash, previous.ManifestDigest);
        }

        foreach (var package in packages)
        {
            AddPackage(hash, package);
        }

        return new ImageIdentity(hash.GetHashAndReset(), time);
    }

    private static void AddPackage(IncrementalHash hash, Package package)
    {
        Add(hash, package.Identity.FullName);
        foreach (var file in package.Files)
        {
            Add(hash, file.Path);
            Add(hash, file.SizeBytes.ToString(CultureInfo.InvariantCulture));
            Add(hash, (file.LastWriteTime?.UtcTicks ?? 0).ToString(CultureInfo.InvariantCulture));
        }

        // The block map has the hashes of every file but these three, itself among them.
        Add(hash, package.BlockMapDigest.ToArray());
        Add(hash, package.ReadFootprint(PartName.Signature));
        Add(hash, package.HashFootprint(PartName.CodeIntegrity));
    }

    private static void Add(IncrementalHash hash, string text) => Add(hash, Encoding.Unicode.GetBytes(text));

    // With its length before it no text can pass for two others.
    private static void Add(IncrementalHash hash, byte[]? bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes?.Length ?? -1);
        hash.AppendData(length);
        hash.AppendData(bytes ?? []);
    }

    private byte[] Derive(string field) => SHA256.HashData([.. _seed, .. Encoding.UTF8.GetBytes(field)]);

    // UUID version 8 (RFC 9562, 5.8): all bits but version and variant are ours.
    private Guid GuidOf(string field)
    {
        const int versionByte = 6;
        const int variantByte = 8;
        const int length = 16;
        var bytes = Derive(field).AsSpan(0, length);
        bytes[versionByte] = (byte)((bytes[versionByte] & 0x0F) | 0x80);
        bytes[variantByte] = (byte)((bytes[variantByte] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
