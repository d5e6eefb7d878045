namespace AppAttach.Imaging.Packages;

/// <summary>A kind of device that a package says it runs on.</summary>
/// <param name="Name">Name, such as <c>Windows.Desktop</c>, as written in the manifest.</param>
/// <param name="MinVersion">Lowest version of the system.</param>
/// <param name="MaxVersionTested">Highest version the package was tested on, or null where the manifest gives none.</param>
public sealed record TargetDeviceFamily(string Name, Version MinVersion, Version? MaxVersionTested);
