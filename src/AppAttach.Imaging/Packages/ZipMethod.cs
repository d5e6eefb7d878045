namespace AppAttach.Imaging.Packages;

/// <summary>The two compression methods of an MSIX package: APPNOTE.TXT 4.4.5.</summary>
internal static class ZipMethod
{
    public const ushort Stored = 0;
    public const ushort Deflated = 8;
}
