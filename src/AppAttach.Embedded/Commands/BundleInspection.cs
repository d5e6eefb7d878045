using AppAttach.Pipeline.Intake;
using Spectre.Console;

namespace AppAttach.Embedded.Commands;

/// <summary>The part of <c>appattach inspect</c> that is for bundles: opens one where it lies, reports on it and verifies it.</summary>
internal static class BundleInspection
{
    /// <summary>Gives the files beside a bundle that lies in a folder.</summary>
    /// <param name="file">The bundle.</param>
    /// <returns>Opens a file by the name that the bundle gives it; null if there is none.</returns>
    public static Func<string, Stream?> Beside(FileInfo file) => name =>
    {
        // The bundle gives safe names only: none leads out of the folder.
        var beside = new FileInfo(Path.Combine([file.DirectoryName!, .. name.Split('/')]));
        return beside.Exists ? beside.Open(FileMode.Open, FileAccess.Read, FileShare.Read) : null;
    };

    /// <summary>Reports on a bundle, and judges it.</summary>
    /// <param name="file">The opened bundle.</param>
    /// <param name="gate">What it is held to.</param>
    /// <param name="full">Whether to read all content and check every block, in the bundle and beside it.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <returns>The report, and the verdict, which may refuse the bundle.</returns>
    /// <exception cref="Imaging.InvalidInputException">Content is broken.</exception>
    public static (BundleReport Report, PackageVerdict Verdict) Inspect(PackageOrBundle file, PackageGate gate, bool full, CancellationToken cancellationToken)
    {
        var bundle = file.Bundle!;
        using var pass = full ? bundle.StartPass(cancellationToken) : null;
        var packages = bundle.Packages.Select(package => BundlePackageReport.Of(package, full, cancellationToken)).ToList();
        pass?.Complete();
        var digest = pass is null ? null : Convert.ToHexStringLower(pass.BundleDigest.Span);
        var verdict = gate.Judge(file, pass, DateTimeOffset.UtcNow);
        return (BundleReport.Of(bundle, packages, digest, verdict), verdict);
    }

    /// <summary>Writes a report for people.</summary>
    /// <param name="report">The report.</param>
    /// <param name="console">Where to.</param>
    public static void Show(BundleReport report, IAnsiConsole console)
    {
        var grid = new ReportGrid();
        grid.Add("Bundle", report.FullName);
        grid.Add("Family", report.FamilyName);
        grid.Add("Publisher", report.Publisher);
        foreach (var package in report.Packages)
        {
            grid.Add(package.Type, $"{package.FullName}{Describe(package)}");
            foreach (var application in package.Applications)
            {
                grid.Add("", application);
            }

            foreach (var need in package.Dependencies.Select(dependency => $"depends on {dependency}").Concat(package.Capabilities.Select(name => $"asks for {name}")))
            {
                grid.Add("", need);
            }
        }

        foreach (var optional in report.OptionalBundles)
        {
            grid.Add("Optional bundle", $"{optional.Name} {optional.Version ?? "(any version)"} by {optional.Publisher}; a file of its own, not looked for");
        }

        var (files, size) = (report.Packages.Sum(package => package.FileCount), report.Packages.Sum(package => package.ContentBytes));
        grid.Add("Files", $"{files} with {Bytes.Format(size)} in {report.Packages.Count} packages, the bundle has {Bytes.Format(report.PackedBytes)}");
        grid.Add(report.Signature);
        grid.Add("Content", report.Digest is { } digest
            ? $"every block of every package matches; SHA-256 {digest}" : "not read (--full reads and checks every block)");
        grid.Write(console, report.Notes);
    }

    private static string Describe(BundlePackageReport package)
    {
        IEnumerable<string> parts =
        [
            .. package.IsStub ? ["stub"] : Array.Empty<string>(),
            .. package.Languages,
            .. package.Scales.Select(scale => $"scale {scale}"),
            .. package.DirectXLevels,
            .. package.DeviceFamilies,
            .. package.MinimumWindows is { } windows ? [$"Windows {windows} or later"] : Array.Empty<string>(),
            .. package.IsBeside ? ["beside the bundle"] : Array.Empty<string>(),
            Bytes.Format(package.PackedBytes),
        ];
        return $" ({string.Join(", ", parts)})";
    }
}
