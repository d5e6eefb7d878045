using AppAttach.Imaging.IO;

namespace AppAttach.Imaging.Packages;

/// <summary>Compares the hashes of a slot's pieces with the block map; whole blocks together where the processor can hash them side by side.</summary>
internal sealed class BlockHashes(BlockMap map)
{
    // With fewer blocks, some lanes would hash in vain for so long that one block after the other is done sooner.
    private const int FewestTogether = 11;

    private readonly Sha256Lanes lanes = new();
    private readonly List<ContentPiece> together = new(Sha256Lanes.Count);
    private readonly int[] offsets = new int[Sha256Lanes.Count];
    private readonly byte[] hashes = new byte[Sha256Lanes.Count * Sha256Lanes.HashBytes];

    /// <summary>Compares pieces.</summary>
    /// <param name="slot">Where they stand.</param>
    /// <param name="pieces">Those whose content is there.</param>
    /// <param name="mismatch">Is told each that has another hash.</param>
    public void Check(ContentSlot slot, IEnumerable<ContentPiece> pieces, Action<ContentPiece> mismatch)
    {
        var canGather = Sha256Lanes.IsSupported && map.Method == HashMethod.Sha256;
        foreach (var piece in pieces)
        {
            if (!canGather || piece.Content.Length != BlockMap.BlockBytes)
            {
                CheckOne(piece, mismatch);
                continue;
            }

            together.Add(piece);
            if (together.Count == Sha256Lanes.Count)
            {
                CheckTogether(slot, mismatch);
            }
        }

        if (together.Count >= FewestTogether)
        {
            CheckTogether(slot, mismatch);
        }

        together.ForEach(piece => CheckOne(piece, mismatch));
        together.Clear();
    }

    private void CheckOne(ContentPiece piece, Action<ContentPiece> mismatch)
    {
        if (!map.Method.Matches(piece.Content.Span, map.HashOf(piece.Block)))
        {
            mismatch(piece);
        }
    }

    private void CheckTogether(ContentSlot slot, Action<ContentPiece> mismatch)
    {
        for (var lane = 0; lane < Sha256Lanes.Count; lane++)
        {
            offsets[lane] = together[Math.Min(lane, together.Count - 1)].PlaceInSlot;
        }

        lanes.Hash(slot.Content.Span, offsets, BlockMap.BlockBytes, hashes);
        for (var lane = 0; lane < together.Count; lane++)
        {
            if (!hashes.AsSpan(lane * Sha256Lanes.HashBytes, Sha256Lanes.HashBytes).SequenceEqual(map.HashOf(together[lane].Block)))
            {
                mismatch(together[lane]);
            }
        }

        together.Clear();
    }
}
