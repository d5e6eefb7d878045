namespace AppAttach.Imaging.Packages;

/// <summary>What a signature covers of the archive itself, computed as its bytes flowed by.</summary>
/// <param name="Parts">Digest of all parts but the signature, as they stand in the archive.</param>
/// <param name="Directory">Digest of the directory and the end records as they were before the signature was added.</param>
/// <param name="GapOffsetBytes">Where the first bytes stand that belong to no part; null if there are none. With one, the digests cannot be right.</param>
internal sealed record ArchiveDigests(byte[] Parts, byte[] Directory, long? GapOffsetBytes);
