using AppAttach.Contracts;
using AppAttach.Imaging.Deltas;
using AppAttach.Imaging.Images;

namespace AppAttach.Embedded.Commands;

/// <summary>The document of <c>convert --json</c>: the image, and how it differs from its base if it has one.</summary>
internal sealed record ConvertReport(
    string Format,
    long VirtualSizeBytes,
    long FileLengthBytes,
    string Digest,
    string RootFolder,
    int FileCount,
    long ContentBytes,
    IReadOnlyList<ImagePackage> Packages,
    DeltaReport? Delta)
{
    /// <summary>Describes an image.</summary>
    public static ConvertReport Of(ImageRecord image, ImageDelta? delta) => new(
        KebabCaseName.Of(image.Format),
        image.VirtualSizeBytes,
        image.FileLengthBytes,
        image.Digest,
        image.RootFolder,
        image.FileCount,
        image.ContentBytes,
        image.Packages,
        delta is null ? null : DeltaReport.Of(delta));
}
