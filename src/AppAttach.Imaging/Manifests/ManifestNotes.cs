using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Manifests;

/// <summary>Notes, while an image is written, what its manifest will say and nothing else knows afterwards.</summary>
internal sealed class ManifestNotes : IDisposable
{
    private readonly ImagePlan _plan;
    private readonly StructureHashes _structure;
    private readonly UnmappedHashes _unmapped = new();

    /// <summary>Starts.</summary>
    /// <param name="output">Takes the image.</param>
    /// <param name="plan">Its plan.</param>
    public ManifestNotes(Stream output, ImagePlan plan)
    {
        _plan = plan;
        _structure = new StructureHashes(output, plan.Content);
    }

    /// <summary>Name and version of the program that writes images.</summary>
    public static string Writer { get; } = $"AppAttach {typeof(ManifestNotes).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>Takes the image and passes it on.</summary>
    public Stream Output => _structure;

    /// <summary>Takes pieces of content that have been written.</summary>
    public void Add(Package package, IReadOnlyList<ContentPiece> pieces) => _unmapped.Add(package.BlockMap.Method, pieces);

    /// <summary>Writes the manifest.</summary>
    /// <param name="manifest">Takes it.</param>
    /// <param name="image">The image, complete.</param>
    /// <param name="options">Its options.</param>
    /// <param name="packages">Its packages.</param>
    public void Write(Stream manifest, ImageRecord image, ImageOptions options, IReadOnlyList<Package> packages)
    {
        _structure.Complete();
        var header = new ManifestHeader(
            Writer,
            ImageIdentity.LayoutVersion,
            image.Digest,
            image.FileLengthBytes,
            image.VirtualSizeBytes,
            ImageReader.FormatName(_plan.Disk.File.Format),
            options.RootFolder,
            options.VolumeLabel,
            _plan.Volume.ContentCluster);
        ImageManifestWriter.Write(
            manifest, header, _plan, [.. packages.Zip(image.Packages, (package, written) => (package, written.Digest))], _structure, _unmapped);
    }

    /// <inheritdoc/>
    public void Dispose() => _structure.Dispose();
}
