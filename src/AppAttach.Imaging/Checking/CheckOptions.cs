namespace AppAttach.Imaging.Checking;

/// <summary>How an image is checked.</summary>
public sealed record CheckOptions
{
    /// <summary>The defaults.</summary>
    public static CheckOptions Default { get; } = new();

    /// <summary>Folder in the volume's root under which packages lie, each in a folder named after it. Empty for the root itself.</summary>
    public string RootFolder { get; init; } = "apps";

    /// <summary>Findings after which the check ends; at least 1.</summary>
    public int MaximumFindings { get; init; } = 100;

    /// <summary>File records up to which a volume is checked. Each takes about 30 bytes of memory.</summary>
    public int MaximumRecords { get; init; } = 4_000_000;

    /// <summary>Clusters up to which a volume is checked: 2 TiB of 4 KiB ones, the most that is written here. Eight take one byte of memory.</summary>
    public long MaximumClusters { get; init; } = 1L << 29;
}
