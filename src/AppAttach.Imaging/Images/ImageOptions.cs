using AppAttach.Imaging.Deltas;

namespace AppAttach.Imaging.Images;

/// <summary>What of an image does not follow from its packages. Other options make another image, with other identifiers.</summary>
public sealed record ImageOptions
{
    /// <summary>Folder of the volume that holds the package folders: one name. Windows takes no package from a volume's root.</summary>
    public string RootFolder { get; init; } = "apps";

    /// <summary>The volume's label, up to 32 UTF-16 units.</summary>
    public string VolumeLabel { get; init; } = "Apps";

    /// <summary>
    /// The latest time on the volume: files that their package gives a later one, or none, have this one. Null for the newest that the
    /// packages give their files.
    /// </summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Format of the disk file.</summary>
    public ImageFormat Format { get; init; } = ImageFormat.VhdxDynamic;

    /// <summary>
    /// An earlier image, of whose files and folders as many as can be are kept in place; null: none. The image stays independent of it, but has other bytes than
    /// without it.
    /// </summary>
    public ImageBase? Base { get; init; }

    /// <summary>Threads that inflate and check content; 0 for one a processor. The image does not depend on it.</summary>
    public int Workers { get; init; }
}
