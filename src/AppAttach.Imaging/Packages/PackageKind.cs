namespace AppAttach.Imaging.Packages;

/// <summary>What a package is for.</summary>
public enum PackageKind
{
    /// <summary>Brings an application.</summary>
    Main,

    /// <summary>Is a library that other packages depend on (<c>Properties/Framework</c>).</summary>
    Framework,

    /// <summary>Adds languages, scales or the like to another package (<c>Properties/ResourcePackage</c>).</summary>
    Resource,

    /// <summary>Adds to a main package that it names (<c>Dependencies/MainPackageDependency</c>).</summary>
    Optional,
}
