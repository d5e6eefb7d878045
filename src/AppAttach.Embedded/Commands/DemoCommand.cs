using System.CommandLine;
using AppAttach.Embedded.Demo;
using AppAttach.Pipeline.Intake;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach demo [PACKAGE…]</c>: the main job in one command.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var packages = new Argument<FileInfo[]>("PACKAGE") { Description = "Packages to bring to the hosts; without any, a small sample.", Arity = ArgumentArity.ZeroOrMore }
            .AcceptExistingOnly();
        packages.Validators.Add(result =>
        {
            var names = result.Tokens.Select(token => Path.GetFileName(token.Value)).ToList();
            foreach (var name in names.Where(name => !PackageDropHandler.IsPackageName(name)))
            {
                result.AddError($"The inbox would not take '{name}': names of packages end in {string.Join(", ", PackageDropHandler.Extensions)}.");
            }

            foreach (var name in names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            {
                result.AddError($"The inbox is one folder, and two of the files are called '{name.Key}'.");
            }
        });
        var data = new Option<DirectoryInfo?>("--data") { Description = "Folder to use and keep; must be empty or not be there. Without it, one in the system's temporary folder." };
        var stay = new Option<bool>("--stay") { Description = "Keep host and listeners up until stopped." };
        var signature = SharedOptions.Signature();
        var trust = SharedOptions.Trust();
        var architecture = SharedOptions.Architecture();
        var command = new Command("demo", "Takes packages from a drop folder to registered on four hosts in two regions, on this machine.")
        {
            packages, data, stay, signature, trust, architecture,
        };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(() =>
        {
            var folder = parsed.GetValue(data) ?? Directory.CreateTempSubdirectory("appattach-demo-");
            var files = parsed.GetValue(packages) ?? [];

            // The sample carries no signature, so that a policy about signatures would only keep the demo from showing anything.
            var policy = SharedOptions.Policy(files.Length == 0 ? "ignore" : parsed.GetRequiredValue(signature), parsed.GetValue(trust), parsed.GetRequiredValue(architecture));
            var request = new DemoRequest(files, folder, parsed.GetValue(stay), policy);
            return new DemoRun(request, new DemoProgress()).RunAsync(cancellationToken);
        }));
        return command;
    }
}
