namespace AppAttach.Imaging.Bundles;

/// <summary>What a package is in its bundle (<c>Type</c> of the bundle manifest).</summary>
public enum BundledPackageType
{
    /// <summary><c>resource</c>, which is meant where none is given: adds languages, scales or other resources to the application packages.</summary>
    Resource,

    /// <summary><c>application</c>: brings the application, mostly for one processor architecture.</summary>
    Application,
}
