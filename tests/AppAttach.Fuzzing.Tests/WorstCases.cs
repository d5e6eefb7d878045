using System.Text;
using AppAttach.Fuzzing.Archives;
using AppAttach.Imaging.Packages;
using AppAttach.TestKit.Packages;

namespace AppAttach.Fuzzing.Tests;

/// <summary>Packages built to cost as much as the limits allow: what chance seldom makes large enough.</summary>
internal static class WorstCases
{
    private static readonly int ManifestBytes = (int)PackageLimits.Default.ManifestBytes - 2_000;
    private const int ContentTypesBytes = 1_040_000;
    private const int SignatureBytes = 2_000_000;

    /// <summary>Makes each, by name.</summary>
    public static IReadOnlyDictionary<string, Func<byte[]>> All { get; } = new Dictionary<string, Func<byte[]>>(StringComparer.Ordinal)
    {
        ["manifest text in pieces"] = () => Manifest("<DisplayName>", Flood("<![CDATA[a]]>", ManifestBytes)),
        ["manifest text between comments"] = () => Manifest("<DisplayName>", Flood("a<!---->", ManifestBytes)),
        ["manifest text in one piece"] = () => Manifest("<DisplayName>", new('a', ManifestBytes)),
        ["manifest with one attribute"] = () => Manifest("<DisplayName", $" a=\"{new string('a', ManifestBytes)}\""),
        ["manifest with many attributes"] = () => Manifest("<DisplayName", Flood(index => $" a{index:x}=\"\"", ManifestBytes)),
        ["manifest with many namespaces"] = () => Manifest("<DisplayName", Flood(index => $" xmlns:a{index:x}=\"b\"", ManifestBytes)),
        ["manifest with many elements"] = () => Manifest("<Properties>", Flood(index => $"<a{index:x}/>", ManifestBytes)),
        ["manifest with a long comment"] = () => Manifest("<Properties>", $"<!--{new string('a', ManifestBytes)}-->"),
        ["content types with one attribute"] = () => ContentTypes($"<Default Extension=\"{new string('a', ContentTypesBytes)}\"/>"),
        ["content types with many attributes"] = () => ContentTypes($"<Default{Flood(index => $" a{index:x}=\"\"", ContentTypesBytes)}/>"),
        ["content types with many elements"] = () => ContentTypes(Flood(index => $"<a{index:x}/>", ContentTypesBytes)),
        ["content types with much text"] = () => ContentTypes(Flood("a", ContentTypesBytes)),
        ["block map with one attribute"] = () => BlockMap(" a=\"" + new string('a', 1_000_000) + "\""),
        ["signature of one identifier"] = () => Signature([0x06, 0x84, 0x00, 0x1E, 0x84, 0x80, .. Filled(SignatureBytes - 1, 0xFF), 0x7F]),
        ["signature of one number"] = () => Signature([.. SignedData(), 0x02, 0x84, 0x00, 0x1E, 0x84, 0x80, .. Filled(SignatureBytes, 0x7F)]),
        ["signature of nested sequences"] = () => Signature(Filled(SignatureBytes, 0x30, 0x80)),
        ["signature with nested octet strings"] = () => Signature([.. Content(), .. Filled(SignatureBytes, 0x24, 0x80)]),
        ["signature with nested octet strings that end"] = () => Signature([.. Content(), .. Filled(SignatureBytes / 2, 0x24, 0x80), .. Filled(SignatureBytes / 2, 0)]),
        ["signature with many algorithms"] = () => Signature([.. SignedData(), 2, 1, 1, 0x31, 0x80, .. Filled(SignatureBytes, 0x30, 3, 6, 1, 0x2A), 0, 0]),
        ["catalogue of zeros"] = () => With(PathOfCatalogue, new byte[66_000_000]),
        ["deep folders"] = () => DeepFolders(),
    };

    private const string PathOfCatalogue = "AppxMetadata/CodeIntegrity.cat";

    private static byte[] Manifest(string at, string inserted)
    {
        var manifest = new PackageBuilder().MakeManifest();
        return new PackageBuilder { Manifest = manifest.Insert(manifest.IndexOf(at, StringComparison.Ordinal) + at.Length, inserted) }.With("a.txt", "a").Build();
    }

    /// <summary>A package with something inserted at the end of its content types.</summary>
    public static byte[] ContentTypes(string inserted) => Edit("[Content_Types].xml", text => text.Insert(text.IndexOf("</Types>", StringComparison.Ordinal), inserted));

    private static byte[] BlockMap(string inserted) => Edit("AppxBlockMap.xml", text => text.Insert(text.IndexOf("<File", StringComparison.Ordinal) + 5, inserted));

    private static byte[] Edit(string name, Func<string, string> edit)
    {
        var archive = EditableArchive.TryRead(new PackageBuilder().With("a.txt", "a").Build())!;
        var part = archive.Find(name)!;
        part.SetContent(Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(part.Content!))));
        return archive.Write();
    }

    private static byte[] Signature(byte[] encoding) => With("AppxSignature.p7x", [.. "PKCX"u8, .. encoding]);

    // The signed package that is there already, as its directory lists a signature and a catalogue may be added to it.
    private static byte[] With(string name, byte[] content)
    {
        var archive = EditableArchive.TryRead(File.ReadAllBytes(PackageCorpus.PathOf("synthetic/valid-signed.msix")))!;
        var signature = archive.Find("AppxSignature.p7x")!;
        if (archive.Find(name) is not { } part)
        {
            part = signature.Copy();
            part.Name = name;
            archive.Parts.Insert(0, part);
        }

        part.SetContent(content);
        return archive.Write();
    }

    // ContentInfo of signed data, of indefinite length: identifier and tags up to the version.
    private static byte[] SignedData() => [0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02, 0xA0, 0x80, 0x30, 0x80];

    // The same up to the content, where an octet string may stand.
    private static byte[] Content() => [.. SignedData(), 0x02, 0x01, 0x01, 0x31, 0x00, 0x30, 0x80, 0x06, 0x03, 0x2A, 0x03, 0x04, 0xA0, 0x80];

    private static byte[] DeepFolders()
    {
        var package = new PackageBuilder();
        for (var index = 0; index < 2_100; index++)
        {
            package.With($"{index}/{string.Concat(Enumerable.Repeat("a/", 1_000))}b", "");
        }

        return package.Build();
    }

    private static byte[] Filled(int count, params byte[] pattern)
    {
        var bytes = new byte[count];
        for (var index = 0; index < count; index++)
        {
            bytes[index] = pattern[index % pattern.Length];
        }

        return bytes;
    }

    private static string Flood(string piece, int length) => Flood(_ => piece, length);

    private static string Flood(Func<int, string> piece, int length)
    {
        var flood = new StringBuilder(length + 100);
        for (var index = 0; flood.Length < length; index++)
        {
            flood.Append(piece(index));
        }

        return flood.ToString();
    }
}
