using System.Text;
using AppAttach.Imaging.Packages;

namespace AppAttach.TestKit.Packages;

/// <summary>Builds small valid packages in memory, and, on request, ones with names that no reader should accept.</summary>
public sealed class PackageBuilder
{
    private readonly List<(string Path, byte[] Content)> files = [];

    /// <summary>Publisher of the built packages, unless set; its publisher id is <c>j8tmt7aeqvrx2</c>.</summary>
    public const string DefaultPublisher = "CN=Contoso Test, O=Contoso Ltd, L=Redmond, S=Washington, C=US";

    public string Name { get; init; } = "Contoso.Sample";

    public string Version { get; init; } = "1.2.3.4";

    public string Publisher { get; init; } = DefaultPublisher;

    public string Architecture { get; init; } = "x64";

    /// <summary>Resource id, or null for none.</summary>
    public string? ResourceId { get; init; }

    /// <summary>Whether it is a resource package, which has no application.</summary>
    public bool IsResource { get; init; }

    /// <summary>Whole manifest, instead of one made from the properties above.</summary>
    public string? Manifest { get; init; }

    public PackageWriterOptions Options { get; init; } = PackageWriterOptions.Default;

    /// <summary>Adds a file.</summary>
    public PackageBuilder With(string path, byte[] content)
    {
        files.Add((path, content));
        return this;
    }

    /// <summary>Adds a file of text.</summary>
    public PackageBuilder With(string path, string content) => With(path, Encoding.UTF8.GetBytes(content));

    /// <summary>The package's bytes.</summary>
    public byte[] Build() => Build(Options);

    /// <summary>The package's bytes, with names as given even where no reader should accept them.</summary>
    public byte[] BuildUnsafe() => Build(Options with { AllowsUnsafeNames = true });

    /// <summary>Content that deflates to about half, different for each seed.</summary>
    public static byte[] Content(int size, int seed = 1)
    {
        var content = new byte[size];
        new Random(seed).NextBytes(content);
        for (var index = 0; index < size; index++)
        {
            content[index] &= 0x0F;
        }

        return content;
    }

    /// <summary>The manifest that the properties make.</summary>
    public string MakeManifest() => Manifest ?? $"""
        <?xml version="1.0" encoding="utf-8"?>
        <Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10">
          <Identity Name="{Name}" Publisher="{Publisher}" Version="{Version}" ProcessorArchitecture="{Architecture}"{(ResourceId is null ? "" : $" ResourceId=\"{ResourceId}\"")} />
          <Properties>
            <DisplayName>{Name}</DisplayName>
            <PublisherDisplayName>Contoso</PublisherDisplayName>
            <Logo>logo.png</Logo>{(IsResource ? "<ResourcePackage>true</ResourcePackage>" : "")}
          </Properties>
          <Dependencies>
            <TargetDeviceFamily Name="Windows.Desktop" MinVersion="10.0.19041.0" MaxVersionTested="10.0.22621.0" />
          </Dependencies>
          {(IsResource ? "" : "<Applications><Application Id=\"App\" Executable=\"app.exe\" EntryPoint=\"Windows.FullTrustApplication\" /></Applications>")}
        </Package>
        """;

    private byte[] Build(PackageWriterOptions options)
    {
        using var output = new MemoryStream();
        using var writer = new PackageWriter(output, options);
        foreach (var (path, content) in files)
        {
            writer.AddFile(path, content);
        }

        writer.Finish(Encoding.UTF8.GetBytes(MakeManifest()));
        return output.ToArray();
    }
}
