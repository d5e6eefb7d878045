namespace AppAttach.Imaging.Manifests;

/// <summary>Is told what a manifest says, in the order of the document: nothing of it is kept by the reader.</summary>
internal interface IManifestVisitor
{
    /// <summary>The image; comes first.</summary>
    void Visit(ManifestHeader header);

    /// <summary>A piece of the image file that is no file's content.</summary>
    /// <param name="offsetBytes">Where it starts in the image file.</param>
    /// <param name="lengthBytes">How long it is.</param>
    /// <param name="hash">SHA-256; empty for a piece of zeros. Valid during the call.</param>
    void VisitStructure(long offsetBytes, int lengthBytes, ReadOnlySpan<byte> hash);

    /// <summary>A package; its folders and files come next.</summary>
    void Visit(ManifestPackage package);

    /// <summary>A folder of the package.</summary>
    /// <param name="path">Path below the package's folder; empty for that itself.</param>
    /// <param name="record">Number of its file record.</param>
    void VisitFolder(string path, int record);

    /// <summary>A file of the package.</summary>
    /// <param name="file">The file; valid during the call.</param>
    void VisitFile(ManifestFile file);
}
