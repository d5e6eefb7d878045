namespace AppAttach.Imaging.Packages;

/// <summary>General purpose bit flag of a ZIP header: APPNOTE.TXT 4.4.4.</summary>
internal readonly record struct GeneralPurposeFlags(ushort Value)
{
    /// <summary>Bit 3: CRC and sizes stand after the data instead of in the local header.</summary>
    public const ushort DataDescriptor = 1 << 3;

    /// <summary>
    /// Bits that an MSIX package may not set: encryption (0, 6, 13) and reserved ones (12, 14, 15). The deflate level (1, 2), UTF-8 (11)
    /// and unused bits say nothing that a reader needs.
    /// </summary>
    private const ushort Refused = (1 << 0) | (1 << 6) | (1 << 12) | (1 << 13) | (1 << 14) | (1 << 15);

    public bool HasDataDescriptor => (Value & DataDescriptor) != 0;

    public bool IsAllowed => (Value & Refused) == 0;

    /// <summary>Bit 0, which every encrypted ZIP part sets.</summary>
    public bool IsEncrypted => (Value & 1) != 0;
}
