using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Images;

/// <summary>Holds the content that a package gives against the files that were planned: all of each, in order, once.</summary>
/// <param name="files">The package's files.</param>
internal sealed class ContentOrder(IReadOnlyList<PackageFile> files)
{
    private int _next;
    private long _offset;

    /// <summary>Bytes of content seen so far.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>Takes note of the next pieces.</summary>
    /// <exception cref="InvalidOperationException">They are not those that should come: a bug in the reader.</exception>
    public void Follow(IReadOnlyList<ContentPiece> pieces)
    {
        foreach (var piece in pieces)
        {
            if (piece.Part?.File is not { } file)
            {
                return;
            }

            SkipEmptyFiles();
            if (file.Index != _next || piece.OffsetBytes != _offset)
            {
                throw new InvalidOperationException($"Content of file {file.Path} at {piece.OffsetBytes} came out of order.");
            }

            _offset += piece.Content.Length;
            ContentBytes += piece.Content.Length;
            if (_offset == file.SizeBytes)
            {
                (_next, _offset) = (_next + 1, 0);
            }
        }
    }

    /// <summary>Fails unless everything has come.</summary>
    /// <exception cref="InvalidOperationException">Something is missing: a bug in the reader.</exception>
    public void RequireEnd()
    {
        SkipEmptyFiles();
        if (_next < files.Count)
        {
            throw new InvalidOperationException($"The content of {files[_next].Path} ended after {_offset} bytes.");
        }
    }

    private void SkipEmptyFiles()
    {
        while (_next < files.Count && files[_next].SizeBytes == 0)
        {
            _next++;
        }
    }
}
