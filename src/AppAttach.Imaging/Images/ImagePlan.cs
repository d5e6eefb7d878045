using AppAttach.Imaging.Deltas;
using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Volumes;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Security;

namespace AppAttach.Imaging.Images;

/// <summary>An image planned to the last byte: its volume, and the disk around it.</summary>
internal sealed class ImagePlan
{
    /// <summary>The time of everything when no package gives one: the earliest that ZIP knows.</summary>
    private static readonly DateTimeOffset EarliestTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private ImagePlan(VolumePlan volume, DiskPlan disk, IReadOnlyList<int> packageFolders) =>
        (Volume, Disk, PackageFolders) = (volume, disk, packageFolders);

    /// <summary>The volume.</summary>
    public VolumePlan Volume { get; }

    /// <summary>The disk.</summary>
    public DiskPlan Disk { get; }

    /// <summary>Record number of each package's folder, in the order of the packages.</summary>
    public IReadOnlyList<int> PackageFolders { get; }

    /// <summary>The part of the image file that holds files' content; empty, at its end, when there is none.</summary>
    public ByteExtent Content
    {
        get
        {
            if (Volume.ContentCluster == Volume.UsedClusterCount)
            {
                return new ByteExtent(Disk.FileSizeBytes, 0);
            }

            var start = Disk.File.FindInFile(DiskPlan.PartitionOffsetBytes + (Volume.ContentCluster * VolumeLimits.ClusterSizeBytes)).OffsetBytes;
            var last = Disk.File.FindInFile(DiskPlan.PartitionOffsetBytes + Volume.UsedLengthBytes - 1).OffsetBytes;
            return new ByteExtent(start, last + 1 - start);
        }
    }

    /// <summary>Finds out what an image will be known by; small files of the packages are read.</summary>
    /// <exception cref="InvalidInputException">A package is broken.</exception>
    public static ImageIdentity IdentityOf(IReadOnlyList<Package> packages, ImageOptions options) =>
        ImageIdentity.Of(packages, options, TimeOf(packages, options));

    /// <summary>Plans an image. Nothing is read of the packages any more, so that their content may be read meanwhile.</summary>
    /// <param name="packages">The packages.</param>
    /// <param name="options">The options.</param>
    /// <param name="identity">What <see cref="IdentityOf"/> says of both.</param>
    /// <exception cref="InvalidInputException">Two packages have one full name, a name cannot stand on a volume, or a limit is exceeded.</exception>
    public static ImagePlan Create(IReadOnlyList<Package> packages, ImageOptions options, ImageIdentity identity)
    {
        var hiddenSectors = (uint)(DiskPlan.PartitionOffsetBytes / VolumeLimits.SectorSizeBytes);
        var volumeOptions = new VolumeOptions(options.VolumeLabel, identity.Time, identity.VolumeSerialNumber, hiddenSectors);
        var tree = TreeOf(packages, options.RootFolder, out var packageFolders);
        var wishes = options.Base is { } previous ? new StablePlan(tree, previous).Apply(packages, packageFolders) : null;
        var volume = VolumePlan.Create(tree, volumeOptions, wishes);
        ByteExtent[] used =
        [
            new(0, volume.UsedLengthBytes),
            new(volume.BackupBootSectorOffsetBytes, VolumeLimits.SectorSizeBytes),
        ];
        var disk = new DiskPlan(volume.PartitionLengthBytes, used, identity.Disk, DiskFormatOf(options.Format));
        return new ImagePlan(volume, disk, packageFolders);
    }

    private static DiskFormat DiskFormatOf(ImageFormat format) => format switch
    {
        ImageFormat.VhdxDynamic => DiskFormat.VhdxDynamic,
        ImageFormat.VhdxFixed => DiskFormat.VhdxFixed,
        ImageFormat.VhdDynamic => DiskFormat.VhdDynamic,
        ImageFormat.VhdFixed => DiskFormat.VhdFixed,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format."),
    };

    private static VolumeTree TreeOf(IReadOnlyList<Package> packages, string rootFolder, out List<int> packageFolders)
    {
        packageFolders = [];
        var tree = new VolumeTree();
        var root = tree.AddFolder(SystemRecord.RootFolder, rootFolder, PackageSecurity.PackagesFolder);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var package in packages)
        {
            var fullName = package.Identity.FullName;
            if (!names.Add(fullName))
            {
                throw new InvalidInputException(
                    Defect.UnsafeName, $"The package {fullName} was given twice; an image holds each package once. Leave one of them out.");
            }

            var folder = tree.AddFolder(root, fullName, SecurityOf(package));
            packageFolders.Add(folder);
            foreach (var file in package.Files)
            {
                tree.AddFile(folder, file.Path, file.SizeBytes, file.LastWriteTime);
            }
        }

        return tree;
    }

    // Only applications' own processes run what main packages and their resources bring. Processes of other families load
    // frameworks, and an optional package's main application has another family name.
    private static SecurityDescriptor SecurityOf(Package package) => package.Manifest.Kind is PackageKind.Main or PackageKind.Resource
        ? PackageSecurity.Application(package.Identity.FamilyName)
        : PackageSecurity.SharedPackage;

    private static DateTimeOffset TimeOf(IReadOnlyList<Package> packages, ImageOptions options)
    {
        var newest = options.Time ?? packages.SelectMany(package => package.Files).Max(file => file.LastWriteTime) ?? EarliestTime;
        return newest < EarliestTime ? EarliestTime : newest;
    }
}
