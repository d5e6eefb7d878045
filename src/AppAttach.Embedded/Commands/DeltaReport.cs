using AppAttach.Imaging.Deltas;

namespace AppAttach.Embedded.Commands;

/// <summary>How an image differs from its base, as <c>--json</c> shows it. What is counted are blocks of files of up to 64 KiB, and KiBs of all else.</summary>
/// <param name="BaseDigest">SHA-256 of the base.</param>
/// <param name="UnmovedBytes">Bytes that the base has at the same place.</param>
/// <param name="MovedBytes">Bytes that it has at another place.</param>
/// <param name="ZeroBytes">Bytes that are zeros.</param>
/// <param name="TravelBytes">Bytes that it does not have: what a copy of the base needs to become one of the image.</param>
/// <param name="TravelRanges">In how many ranges they lie.</param>
/// <param name="TravelPercent">What part of the image they are.</param>
internal sealed record DeltaReport(
    string BaseDigest, long UnmovedBytes, long MovedBytes, long ZeroBytes, long TravelBytes, int TravelRanges, double TravelPercent)
{
    /// <summary>Describes a delta.</summary>
    public static DeltaReport Of(ImageDelta delta) => new(
        delta.PreviousDigest,
        delta.UnmovedBytes,
        delta.MovedBytes,
        delta.ZeroBytes,
        delta.TravelBytes,
        delta.TravelRanges,
        Math.Round(delta.TravelBytes * 100.0 / delta.SizeBytes, 2));
}
