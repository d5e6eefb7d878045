using AppAttach.Pipeline.Intake;

namespace AppAttach.Embedded.Demo;

/// <summary>What a demo is asked to do.</summary>
/// <param name="Packages">Packages to drop; empty: the sample.</param>
/// <param name="Folder">Data folder; it is empty or not there.</param>
/// <param name="Stay">Whether to keep everything up until told to stop.</param>
/// <param name="Policy">What is asked of the packages.</param>
internal sealed record DemoRequest(IReadOnlyList<FileInfo> Packages, DirectoryInfo Folder, bool Stay, PackagePolicy Policy);
