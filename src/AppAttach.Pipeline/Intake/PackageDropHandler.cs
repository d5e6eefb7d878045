using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Intake;

/// <summary>Starts the publishing of what was dropped.</summary>
/// <param name="orchestrations">Starts orchestrations.</param>
public sealed class PackageDropHandler(IOrchestrationClient orchestrations)
{
    private const int LongestName = 200;

    /// <summary>File name extensions that are taken for packages; anything else in the inbox is left alone.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
        [".msix", ".appx", ".msixbundle", ".appxbundle", ".emsix", ".eappx", ".emsixbundle", ".eappxbundle"];

    /// <summary>Whether a file is taken for a package, by its extension.</summary>
    /// <param name="name">File name.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsPackageName(string name) => Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong with a name that a package is to have in the inbox. What Windows cannot name is refused everywhere: an inbox may lie on a share.</summary>
    /// <param name="name">File name.</param>
    /// <returns>A sentence, or null if nothing is.</returns>
    public static string? FindNameProblem(string name) =>
        !IsPackageName(name) ? $"Names of packages end in {string.Join(", ", Extensions)}."
        : name.Length > LongestName || name[0] is '.' or ' ' || name.Any(c => char.IsControl(c) || "/\\:*?\"<>|".Contains(c, StringComparison.Ordinal))
            ? $"The name must have at most {LongestName} characters, no dot or space at its beginning, and none of / \\ : * ? \" < > | or control characters."
            : null;

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
