namespace AppAttach.Listener.Images;

/// <summary>What is remembered of an image file whose whole content had the right digest.</summary>
/// <param name="Path">Where it lay.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="LastWriteTime">When it was last written, by its share.</param>
/// <param name="Samples">SHA-256 over <see cref="ImageSamples"/>, 64 lower-case hexadecimal digits; null where none were taken.</param>
internal sealed record ProvenImage(string Path, long SizeBytes, DateTimeOffset LastWriteTime, string? Samples);
