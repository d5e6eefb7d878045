namespace AppAttach.Imaging.Images;

/// <summary>Formats of the disk file. Each makes another image, with identifiers of its own.</summary>
public enum ImageFormat
{
    /// <summary>VHDX that grows: blocks of nothing but zeros take no room in the file.</summary>
    VhdxDynamic,

    /// <summary>VHDX with all of the disk in the file.</summary>
    VhdxFixed,

    /// <summary>VHD that grows. A disk of up to 2040 GiB.</summary>
    VhdDynamic,

    /// <summary>VHD with all of the disk in the file, and a footer behind it. A disk of up to 2040 GiB.</summary>
    VhdFixed,
}
