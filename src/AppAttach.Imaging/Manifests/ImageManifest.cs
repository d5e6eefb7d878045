namespace AppAttach.Imaging.Manifests;

/// <summary>
/// The document that goes with an image: what is in it, where, and with which hashes. <c>Images/README.md</c> describes it. <see cref="Images.ImageWriter"/>
/// writes it.
/// </summary>
public static class ImageManifest
{
    /// <summary>Ends the name of a manifest: it is the image's name, and this.</summary>
    public const string NameSuffix = ".manifest.json";

    /// <summary>Reads what a manifest says of its image as a whole, and holds all the rest to the rules of such documents.</summary>
    /// <param name="manifest">The document, read front to back, left open.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.ImageManifestInvalid"/>, or a limit.</exception>
    public static ManifestHeader Read(Stream manifest) => Deltas.ImagePieces.Read(manifest, static (_, _, _) => { });
}
