namespace AppAttach.Api.Views;

/// <summary>A copy of a release's image in a region.</summary>
/// <param name="Package">Package full name.</param>
/// <param name="Region">The region.</param>
/// <param name="Path">Where hosts find it.</param>
/// <param name="Image">Name of the image.</param>
/// <param name="Digest">SHA-256 of the image, 64 lower-case hexadecimal digits.</param>
/// <param name="SizeBytes">Length of the image, in bytes.</param>
/// <param name="VerifiedAt">When the copy's hash was compared.</param>
public sealed record ReleaseCopy(string Package, string Region, string Path, string? Image, string? Digest, long? SizeBytes, DateTimeOffset VerifiedAt);
