namespace AppAttach.Imaging.Images;

/// <summary>Formats of the disk file.</summary>
public enum ImageFormat
{
    /// <summary>VHDX that grows: blocks of nothing but zeros take no room in the file.</summary>
    VhdxDynamic,
}
