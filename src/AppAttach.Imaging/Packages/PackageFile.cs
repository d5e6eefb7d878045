namespace AppAttach.Imaging.Packages;

/// <summary>One file that a package lays down: payload, manifest, block map, signature or catalogue.</summary>
/// <param name="Index">Its place among the package's files: 0, 1, 2 … in the order of the archive.</param>
/// <param name="Path">Decoded path relative to the package folder, segments separated by <c>/</c>, checked to be one Windows can hold.</param>
/// <param name="SizeBytes">Size of the content, in bytes.</param>
/// <param name="LastWriteTime">Time that the archive gives for it, taken as UTC, or null where it gives none.</param>
public sealed record PackageFile(int Index, string Path, long SizeBytes, DateTimeOffset? LastWriteTime);
