namespace AppAttach.Imaging.Volumes;

/// <summary>Which security descriptor a file or folder gets; the values are places in <see cref="Security.SecurityCatalog"/>.</summary>
internal enum SecurityClass
{
    /// <summary>A file of the file system's own.</summary>
    SystemFile,

    /// <summary>The volume's root folder.</summary>
    VolumeRoot,

    /// <summary>The folder that holds the package folders.</summary>
    PackagesFolder,

    /// <summary>A package's folder.</summary>
    PackageFolder,

    /// <summary>A folder in a package.</summary>
    InheritedFolder,

    /// <summary>A file in a package.</summary>
    InheritedFile,
}
