using AppAttach.Contracts;

namespace AppAttach.Listener.Commands;

/// <summary>Checks that the framework packages are there which a package needs: Windows would refuse it later and say less.</summary>
internal static class DependencyCheck
{
    /// <summary>Compares what a package needs with what the machine has.</summary>
    /// <param name="package">Full name of the package that needs them.</param>
    /// <param name="needed">The frameworks, each with its lowest version.</param>
    /// <param name="present">The machine's frameworks; null where it has no such thing.</param>
    /// <exception cref="CommandFailedException">One is missing, too old, or there for other processors only (<c>dependency-missing</c>).</exception>
    public static void Run(PackageFullName package, IReadOnlyList<FrameworkReference> needed, IReadOnlyList<FrameworkReference>? present)
    {
        if (present is null)
        {
            return;
        }

        var missing = needed.Where(one => !present.Any(other => Serves(package, one, other))).ToList();
        if (missing.Count > 0)
        {
            throw new CommandFailedException(
                ErrorCodes.DependencyMissing,
                $"Package {package.ToReference().FullName} needs {string.Join(", ", missing.Select(one => $"{one.FamilyName} {one.Version}"))} or newer, which this host lacks: "
                + "install the framework for all users (dism /online /add-provisionedappxpackage), then send the command again.");
        }
    }

    private static bool Serves(PackageFullName package, FrameworkReference needed, FrameworkReference present) =>
        string.Equals(present.FamilyName, needed.FamilyName, StringComparison.OrdinalIgnoreCase)
        && Version.TryParse(present.Version, out var has) && Version.TryParse(needed.Version, out var wants) && has >= wants
        && (present.Architecture is null or "neutral" || package.Architecture == "neutral" || present.Architecture == package.Architecture);
}
