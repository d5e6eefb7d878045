namespace AppAttach.Imaging.Manifests;

/// <summary>What an image manifest says of the image as a whole.</summary>
/// <param name="Writer">Name and version of the program that wrote the image.</param>
/// <param name="Layout">Version of its way to lay images out.</param>
/// <param name="Digest">SHA-256 of the image, 64 hexadecimal digits in lower case.</param>
/// <param name="SizeBytes">Length of the image file.</param>
/// <param name="VirtualSizeBytes">Size of the disk that it stands for.</param>
/// <param name="Format">Format of the disk file, as <c>list</c> and <see cref="Images.ImageReader.Format"/> say it.</param>
/// <param name="RootFolder">Folder of the volume that holds the package folders.</param>
/// <param name="VolumeLabel">The volume's label.</param>
/// <param name="ContentCluster">The first cluster of the volume that files' content may stand in.</param>
public sealed record ManifestHeader(
    string Writer,
    string Layout,
    string Digest,
    long SizeBytes,
    long VirtualSizeBytes,
    string Format,
    string RootFolder,
    string VolumeLabel,
    long ContentCluster);
