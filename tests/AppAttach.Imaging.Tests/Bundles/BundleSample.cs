using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Bundles;

/// <summary>Bundles that several tests start from.</summary>
internal static class BundleSample
{
    /// <summary>A manifest of 2013, the first.</summary>
    public const string FirstNamespace = "http://schemas.microsoft.com/appx/2013/bundle";

    public static BundleMember X64 { get; } = BundleMember.Application("x64", 200_000);

    public static BundleMember X86 { get; } = BundleMember.Application("x86", 70_000);

    public static BundleMember German { get; } = BundleMember.Resource("split.language-de", "<Resource Language=\"de-de\"/>");

    public static BundleMember Scale200 { get; } = BundleMember.Resource("split.scale-200", "<Resource Scale=\"200\"/>");

    /// <summary>Two architectures, a language and a scale.</summary>
    public static BundleMember[] Members => [X64, X86, German, Scale200];

    /// <summary>The bytes of a bundle of the members given.</summary>
    public static byte[] Of(params BundleMember[] members) => new BundleBuilder().With(members).Build();

    /// <summary>A stub for an architecture, where Windows' packer puts it.</summary>
    public static BundleMember Stub(string architecture) => new(
        $"AppxMetadata/Stub/stub_{architecture}.msix", new PackageBuilder { Architecture = architecture }.With("stub.txt", "stub").Build())
    {
        Architecture = architecture, Element = "b5:Package", Attributes = " IsStub=\"true\"", Inner = "",
    };

    /// <summary>Finds files in memory, as a folder would.</summary>
    public static Func<string, Stream?> Folder(params BundleMember[] members) => name =>
        Array.Find(members, member => member.FileName == name) is { } found ? new MemoryStream(found.Content, writable: false) : null;
}
