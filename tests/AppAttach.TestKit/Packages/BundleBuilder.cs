using System.IO.Compression;
using System.Text;
using AppAttach.Imaging.Packages;

namespace AppAttach.TestKit.Packages;

/// <summary>Builds bundles in memory from packages, sound ones and, as its members say, others.</summary>
public sealed class BundleBuilder
{
    private readonly List<BundleMember> members = [];
    private readonly List<(string Path, byte[] Content)> parts = [];

    public string Name { get; init; } = "Contoso.Sample";

    public string Version { get; init; } = "2.0.0.0";

    public string Publisher { get; init; } = PackageBuilder.DefaultPublisher;

    /// <summary>Namespace of the root.</summary>
    public string Namespace { get; init; } = "http://schemas.microsoft.com/appx/2017/bundle";

    /// <summary>Whether the packages are left out of the archive and their offsets out of the manifest.</summary>
    public bool IsFlat { get; init; }

    /// <summary>What stands behind <c>Packages</c> in the manifest.</summary>
    public string After { get; init; } = "";

    /// <summary>Changes the whole manifest.</summary>
    public Func<string, string> Change { get; init; } = static manifest => manifest;

    /// <summary>Whether the block map lists the packages too.</summary>
    public bool MapsPackages { get; init; }

    public PackageWriterOptions Options { get; init; } = PackageWriterOptions.Default;

    /// <summary>Adds packages.</summary>
    public BundleBuilder With(params BundleMember[] packages)
    {
        members.AddRange(packages);
        return this;
    }

    /// <summary>Adds a part that no manifest lists.</summary>
    public BundleBuilder WithPart(string path, string content)
    {
        parts.Add((path, Encoding.UTF8.GetBytes(content)));
        return this;
    }

    /// <summary>The bundle's bytes.</summary>
    public byte[] Build()
    {
        using var output = new MemoryStream();
        using var zip = new ZipWriter(output, Options);
        var method = Options.HashBits switch { 384 => HashMethod.Sha384, 512 => HashMethod.Sha512, _ => HashMethod.Sha256 };
        using var map = new BlockMapWriter(method);
        var elements = new StringBuilder();
        foreach (var member in members)
        {
            var offset = output.Position + LocalFileHeader.Size + PartName.Encode(member.FileName).Length;
            var isPresent = member.IsPresent && !IsFlat;
            elements.Append(member.IsListed ? (IsFlat ? member with { Offset = member.Offset ?? "" } : member).ToXml(offset) : "");
            if (isPresent)
            {
                WriteMember(zip, member);
                if (MapsPackages)
                {
                    AddToMap(map, method, member.FileName, member.Content);
                }
            }
        }

        foreach (var (path, content) in parts)
        {
            WritePart(zip, path, content, content);
        }

        var manifest = Encoding.UTF8.GetBytes(Change(MakeManifest(elements.ToString())));
        AddToMap(map, method, PartName.BundleManifest, manifest);
        WritePart(zip, PartName.BundleManifest, manifest, manifest);
        WriteDeflated(zip, PartName.BlockMap, map.Finish());
        WriteDeflated(zip, PartName.ContentTypes, ContentTypesWriter.Write([.. members.Select(member => member.FileName), PartName.BlockMap]));
        zip.Finish();
        return output.ToArray();
    }

    private string MakeManifest(string packages) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <Bundle xmlns="{Namespace}" xmlns:b4="http://schemas.microsoft.com/appx/2018/bundle" xmlns:b5="http://schemas.microsoft.com/appx/2019/bundle"
            IgnorableNamespaces="b4 b5" SchemaVersion="5.0">
          <Identity Name="{Name}" Publisher="{Publisher}" Version="{Version}"/>
          <Packages>{packages}</Packages>
          {After}
        </Bundle>
        """;

    private static void AddToMap(BlockMapWriter map, HashMethod method, string path, byte[] content) =>
        map.Add(path, content.Length, LocalFileHeader.Size + path.Length, content.Chunk(BlockMap.BlockBytes).Select(block => (method.Compute(block), (int?)null)));

    private static void WriteMember(ZipWriter zip, BundleMember member)
    {
        if (member.IsDeflated)
        {
            WriteDeflated(zip, member.FileName, member.Content);
        }
        else
        {
            WritePart(zip, member.FileName, member.Content, member.Content);
        }
    }

    private static void WriteDeflated(ZipWriter zip, string path, byte[] content)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(content);
        }

        WritePart(zip, path, content, packed.ToArray(), isDeflated: true);
    }

    private static void WritePart(ZipWriter zip, string path, byte[] content, byte[] packed, bool isDeflated = false)
    {
        zip.StartPart(Encoding.ASCII.GetBytes(PartName.Encode(path)), isDeflated);
        zip.Write(content, packed);
        zip.EndPart();
    }
}
