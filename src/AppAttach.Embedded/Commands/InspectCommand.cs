using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using AppAttach.Contracts;
using AppAttach.Imaging.Packages;
using AppAttach.Pipeline.Intake;
using Spectre.Console;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach inspect PACKAGE</c>: what a package or bundle is, and whether it is sound.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var package = new Argument<FileInfo>("PACKAGE") { Description = "A package or bundle: .msix, .appx, .msixbundle or .appxbundle." }.AcceptExistingOnly();
        var signature = SharedOptions.Signature();
        var trust = SharedOptions.Trust();
        var full = new Option<bool>("--full") { Description = "Read all content and check every block, not only the package's directory and manifest." };
        var json = SharedOptions.Json();
        var command = new Command("inspect", "Shows identity, contents and findings of a package or bundle.") { package, signature, trust, full, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(() => Task.Run(
            () =>
            {
                var gate = new PackageGate(SharedOptions.Policy(parsed.GetRequiredValue(signature), parsed.GetValue(trust)));
                var verdict = Inspect(parsed.GetRequiredValue(package), gate, parsed.GetValue(full), parsed.GetValue(json), cancellationToken);
                verdict.ThrowIfRefused();
                return ExitCode.Done;
            },
            cancellationToken)));
        return command;
    }

    private static PackageVerdict Inspect(FileInfo file, PackageGate gate, bool full, bool json, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var opened = PackageGate.OpenWhole(stream, BundleInspection.Beside(file));
        if (opened.Bundle is not null)
        {
            var (bundle, conclusion) = BundleInspection.Inspect(opened, gate, full, cancellationToken);
            Write(bundle, json, ReportJson.Default.BundleReport, report => BundleInspection.Show(report, AnsiConsole.Console));
            return conclusion;
        }

        var package = opened.Main;
        var (verdict, digest) = full ? CheckContent(package, gate, cancellationToken) : (gate.Judge(package, content: null, DateTimeOffset.UtcNow), null);
        Write(InspectReport.Of(package, digest, verdict), json, ReportJson.Default.InspectReport, Show);
        return verdict;
    }

    private static void Write<TReport>(TReport report, bool json, JsonTypeInfo<TReport> type, Action<TReport> show)
    {
        if (json)
        {
            JsonOutput.Write(report, type);
        }
        else
        {
            show(report);
        }
    }

    private static (PackageVerdict Verdict, string Digest) CheckContent(Package package, PackageGate gate, CancellationToken cancellationToken)
    {
        using var content = package.ReadContent(cancellation: cancellationToken);
        content.ReadToEnd();
        return (gate.Judge(package, content, DateTimeOffset.UtcNow), Convert.ToHexStringLower(content.PackageDigest.Span));
    }

    private static void Show(InspectReport report)
    {
        var grid = new ReportGrid();
        grid.Add("Package", report.FullName);
        grid.Add("Family", report.FamilyName);
        grid.Add("Display name", report.DisplayName);
        grid.Add("Publisher", $"{report.PublisherDisplayName} ({report.Publisher})");
        grid.Add("Kind", report.Kind);
        grid.Add("Minimum Windows", report.MinimumWindows ?? "not given");
        foreach (var application in report.Applications)
        {
            grid.Add("Application", application);
        }

        foreach (var dependency in report.Dependencies)
        {
            grid.Add("Depends on", dependency);
        }

        grid.Add("Capabilities", report.Capabilities.Count == 0 ? "none" : string.Join(", ", report.Capabilities));
        grid.Add("Files", $"{report.FileCount} with {Bytes.Format(report.ContentBytes)}, packed in {Bytes.Format(report.PackedBytes)}");
        grid.Add(report.Signature);
        grid.Add("Content", report.Digest is { } digest ? $"every block matches; SHA-256 {digest}" : "not read (--full reads and checks every block)");
        grid.Write(AnsiConsole.Console, report.Notes);
    }
}
