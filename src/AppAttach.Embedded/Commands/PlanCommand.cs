using System.CommandLine;
using System.Globalization;
using AppAttach.Contracts;
using AppAttach.Imaging.Packages;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Replication;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach plan PACKAGE… --hosts N</c>: which packages to put into one image, for pools of a size.</summary>
internal static class PlanCommand
{
    private const string AnyRegion = "default";

    public static Command Create()
    {
        var packages = new Argument<FileInfo[]>("PACKAGE") { Description = "Packages or bundles; of a bundle, the packages for the hosts' architecture are taken.", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var hosts = new Option<string[]>("--hosts") { Description = "Hosts of a region, as REGION=NUMBER, or NUMBER alone for the only one; may be repeated.", Required = true };
        hosts.Validators.Add(result =>
        {
            var wrong = result.Tokens.Select(token => token.Value).FirstOrDefault(value => TryReadHosts(value) is null);
            if (wrong is not null)
            {
                result.AddError($"'{wrong}' is no number of hosts: write NUMBER or REGION=NUMBER, the number from 1 to {int.MaxValue}.");
            }
        });
        var shares = new Option<int?>("--shares") { Description = "Shares that each region has; without it, the number that it needs is worked out." };
        shares.Validators.Add(result =>
        {
            if (result.Tokens is [var only] && !(int.TryParse(only.Value, CultureInfo.InvariantCulture, out var value) && value > 0))
            {
                result.AddError($"'{only.Value}' is no number of shares: at least 1 is needed.");
            }
        });
        var architecture = SharedOptions.Architecture();
        var json = SharedOptions.Json();
        var command = new Command("plan", "Groups packages into images so that the handles of SMB shares suffice for all hosts.") { packages, hosts, shares, architecture, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(() => Task.Run(
            () => Plan(
                parsed.GetRequiredValue(packages),
                [.. parsed.GetRequiredValue(hosts).Select(value => TryReadHosts(value)! with { Shares = parsed.GetValue(shares) })],
                parsed.GetRequiredValue(architecture),
                parsed.GetValue(json)),
            cancellationToken)));
        return command;
    }

    private static RegionSize? TryReadHosts(string value)
    {
        var parts = value.Split('=');
        var (name, number) = parts is [var region, var count] ? (region, count) : (AnyRegion, value);
        return name.Length > 0 && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var hosts) && hosts > 0
            ? new RegionSize(name, hosts, null)
            : null;
    }

    private static ExitCode Plan(FileInfo[] files, IReadOnlyList<RegionSize> regions, string architecture, bool json)
    {
        var packages = new List<PlannedPackage>();
        foreach (var file in files)
        {
            using var stream = file.OpenRead();
            using var opened = PackageOrBundle.Open(stream, architecture, BundleInspection.Beside(file));
            packages.AddRange(opened.Packages.Select(Describe));
        }

        var plan = ImageSetPlan.Create(packages, regions);
        if (json)
        {
            JsonOutput.Write(plan, ReportJson.Default.ImageSetPlan);
        }
        else
        {
            Show(plan, packages.Count);
        }

        return ExitCode.Done;
    }

    private static PlannedPackage Describe(Package package) => new(
        package.Identity.FullName,
        package.Identity.FamilyName,
        [.. package.Manifest.MainPackages.Select(main => main.FamilyName)],
        package.ContentSizeBytes);

    private static void Show(ImageSetPlan plan, int packageCount)
    {
        foreach (var image in plan.Images)
        {
            Console.Out.WriteLine($"Image {image.Number}: {Bytes.Format(image.ContentBytes)}");
            foreach (var package in image.Packages)
            {
                Console.Out.WriteLine($"  {package}");
            }
        }

        Console.Out.WriteLine($"{packageCount} packages in {plan.Images.Count} images; {plan.Merged} times two were made one so that the shares suffice.");
        foreach (var placement in plan.Regions)
        {
            Show(placement, plan.Images.Count);
        }
    }

    private static void Show(RegionPlacement placement, int images)
    {
        var region = placement.Region;
        Console.Out.WriteLine($"Region {region.Name}: {region.Hosts} hosts, each attaches {images} images.");
        Console.Out.WriteLine(
            $"  {region.Hosts} hosts / {ShareLimits.HostsPerImage} that can open one file = {placement.HostGroups} groups of up to {placement.HostsInGroup} hosts, each with its own copy of every image");
        Console.Out.WriteLine(
            $"  {ShareLimits.AttachmentsPerShare} handles on a share's root / {placement.HostsInGroup} hosts = {placement.ImagesOnShare} images a share");
        Console.Out.WriteLine(
            $"  {placement.HostGroups} groups x {images} images / {placement.ImagesOnShare} = {placement.SharesNeeded} shares{(region.Shares is { } shares ? $" of {shares}" : "")}; "
            + $"the fullest has {placement.RootHandles} of {ShareLimits.AttachmentsPerShare} handles on its root and {placement.HostsInGroup} of {ShareLimits.HostsPerImage} on each image");
    }
}
