using System.IO.Compression;
using AppAttach.Fuzzing.Archives;
using AppAttach.TestKit.Packages;

namespace AppAttach.Fuzzing;

/// <summary>A package that cases start from.</summary>
internal sealed class FuzzBase
{
    // Larger ones cost time and hold nothing that smaller ones do not.
    private const int MostBytes = 200_000;

    private readonly Lazy<EditableArchive?> archive;

    private FuzzBase(string name, byte[] bytes, bool isSound, bool isBundle)
    {
        (Name, Bytes, IsSound, IsBundle) = (name, bytes, isSound, isBundle);
        archive = new(() => EditableArchive.TryRead(bytes));
    }

    /// <summary>Every package of the corpus that is not too large, of all kinds, and a few made here, in a fixed order.</summary>
    public static IReadOnlyList<FuzzBase> All { get; } = [.. Generate(), .. ReadCorpus()];

    /// <summary>Those that are valid.</summary>
    public static IReadOnlyList<FuzzBase> Sound { get; } = [.. All.Where(item => item.IsSound)];

    /// <summary>Where it is from.</summary>
    public string Name { get; }

    /// <summary>Its bytes; not to be changed.</summary>
    public byte[] Bytes { get; }

    /// <summary>Whether it is valid.</summary>
    public bool IsSound { get; }

    /// <summary>Whether it is a bundle of packages.</summary>
    public bool IsBundle { get; }

    /// <summary>The package taken apart, as a copy to edit; null if it cannot be.</summary>
    public EditableArchive? TakeApart() => archive.Value?.Copy();

    private static IEnumerable<FuzzBase> ReadCorpus() => PackageCorpus.Rows
        .OrderBy(row => row.Path, StringComparer.Ordinal)
        .Select(row => (Row: row, File: PackageCorpus.PathOf(row.Path)))
        .Where(item => new FileInfo(item.File).Length <= MostBytes)
        .Select(item => new FuzzBase(item.Row.Path, File.ReadAllBytes(item.File), item.Row.IsValid, item.Row.IsBundle));

    private static IEnumerable<FuzzBase> Generate()
    {
        foreach (var isZip64 in new[] { false, true })
        {
            foreach (var hasDataDescriptors in new[] { false, true })
            {
                yield return Make($"generated, zip64 {isZip64}, descriptors {hasDataDescriptors}", new()
                {
                    Options = new() { IsZip64 = isZip64, HasDataDescriptors = hasDataDescriptors },
                });
            }
        }

        yield return Make("generated, dictionary kept", new() { Options = new() { KeepsDictionary = true } });
        yield return Make("generated, SHA-512", new() { Options = new() { HashBits = 512, CompressionLevel = CompressionLevel.NoCompression } });
    }

    private static FuzzBase Make(string name, PackageBuilder builder)
    {
        var package = builder.With("a/one.txt", PackageBuilder.Content(140_000)).With("a/b/two words.dll", PackageBuilder.Content(66_000, seed: 2))
            .With("logo.png", PackageBuilder.Content(500)).With("empty", "").Build();
        return new(name, package, isSound: true, isBundle: false);
    }
}
