using AppAttach.Imaging.Deltas;

namespace AppAttach.Azure.Files;

/// <summary>A copy in the same region that has some of a new image's bytes.</summary>
/// <param name="File">Its address.</param>
/// <param name="Ranges">All ranges of the new image, in order and without gaps.</param>
internal sealed record EarlierCopy(Uri File, IReadOnlyList<DeltaRange> Ranges)
{
    /// <summary>The requests that make the new image's copy out of a new file; that one is zeros already.</summary>
    /// <returns>Their ranges, in order.</returns>
    public IEnumerable<CopyPiece> Pieces()
    {
        foreach (var range in Ranges.Where(range => range.Source != DeltaSource.Zeros))
        {
            for (long done = 0; done < range.LengthBytes; done += ImageFileShare.MaximumRangeBytes)
            {
                var (start, length) = (range.OffsetBytes + done, Math.Min(ImageFileShare.MaximumRangeBytes, range.LengthBytes - done));
                yield return new CopyPiece(
                    new FileRange(start, start + length - 1),
                    range.Source == DeltaSource.Previous ? range.SourceOffsetBytes + done : null);
            }
        }
    }
}
