namespace AppAttach.Imaging.Volumes;

/// <summary>What of a volume does not follow from its files.</summary>
/// <param name="Label">The volume's label, up to 32 UTF-16 units, as Windows allows.</param>
/// <param name="Time">The latest time on the volume, and that of everything that has no other; 1601 or later.</param>
/// <param name="SerialNumber">The volume's serial number, not 0.</param>
/// <param name="HiddenSectors">Sectors of 512 bytes before the partition on its disk.</param>
/// <param name="FreeBytes">Space to leave free for later writing, at least 0; a volume that is only read needs none.</param>
internal readonly record struct VolumeOptions(
    string Label,
    DateTimeOffset Time,
    ulong SerialNumber,
    uint HiddenSectors = 2048,
    long FreeBytes = 0);
