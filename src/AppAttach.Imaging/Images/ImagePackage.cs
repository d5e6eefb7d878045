namespace AppAttach.Imaging.Images;

/// <summary>A package in an image.</summary>
/// <param name="FullName">The package's full name, which is its folder's name too.</param>
/// <param name="Digest">SHA-256 of the package file, 64 hexadecimal digits in lower case.</param>
/// <param name="FileCount">Number of its files.</param>
/// <param name="ContentBytes">Size of its files together, in bytes.</param>
public sealed record ImagePackage(string FullName, string Digest, int FileCount, long ContentBytes);
