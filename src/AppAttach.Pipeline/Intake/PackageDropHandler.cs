using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Intake;

/// <summary>Starts the publishing of what was dropped.</summary>
/// <param name="orchestrations">Starts orchestrations.</param>
public sealed class PackageDropHandler(IOrchestrationClient orchestrations)
{
    /// <summary>File name extensions that are taken for packages; anything else in the inbox is left alone.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
        [".msix", ".appx", ".msixbundle", ".appxbundle", ".emsix", ".eappx", ".emsixbundle", ".eappxbundle"];

    /// <summary>Whether a file is taken for a package, by its extension.</summary>
    /// <param name="name">File name.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsPackageName(string name) => Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Starts publishing, unless the same drop was noticed before.</summary>
    /// <param name="drop">The drop.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Instance id of the publishing.</returns>
    public async Task<string> HandleAsync(PackageDrop drop, CancellationToken cancellationToken)
    {
        var instanceId = drop.ToInstanceId();
        await orchestrations.StartAsync(nameof(PublishPackageOrchestrator), instanceId, new PublishPackageInput(drop), cancellationToken);
        return instanceId;
    }
}
