namespace AppAttach.Imaging.Packages;

/// <summary>One application of a package.</summary>
/// <param name="Id">Its id, unique within the package.</param>
/// <param name="Executable">Path of its executable in the package, or null.</param>
/// <param name="EntryPoint">Its entry point, such as <c>Windows.FullTrustApplication</c>, or null.</param>
public sealed record PackageApplication(string Id, string? Executable, string? EntryPoint);
