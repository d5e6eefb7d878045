using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Manifests;

/// <summary>Hashes the content of the few files of a package that its block map does not list, as that would: by 64 KiB.</summary>
internal sealed class UnmappedHashes
{
    private readonly Dictionary<PackageFile, List<byte[]>> _hashes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes pieces of content; those that the block map has are passed over.</summary>
    public void Add(HashMethod method, IReadOnlyList<ContentPiece> pieces)
    {
        foreach (var piece in pieces)
        {
            if (piece.Part is not { File: { } file, Blocks: null })
            {
                continue;
            }

            if (!_hashes.TryGetValue(file, out var hashes))
            {
                _hashes.Add(file, hashes = []);
            }

            hashes.Add(method.Compute(piece.Content.Span));
        }
    }

    /// <summary>The hashes of a file's blocks.</summary>
    public IReadOnlyList<byte[]> Of(PackageFile file) => _hashes.TryGetValue(file, out var hashes) ? hashes : [];
}
