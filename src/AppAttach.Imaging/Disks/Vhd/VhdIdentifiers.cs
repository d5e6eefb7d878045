namespace AppAttach.Imaging.Disks;

/// <summary>What makes one VHD file differ from another.</summary>
/// <param name="UniqueId">Identity of the disk, not zero; images with different content need different ones.</param>
/// <param name="TimeStamp">When the disk was made, in seconds since 2000-01-01 00:00 UTC: see <see cref="VhdFooter.TimeStampOf"/>.</param>
internal readonly record struct VhdIdentifiers(Guid UniqueId, uint TimeStamp);
