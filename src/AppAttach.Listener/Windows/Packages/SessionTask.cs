using System.CommandLine;
using Windows.Management.Deployment;

namespace AppAttach.Listener.Windows.Packages;

/// <summary>
/// One registration for the user whose session this process runs in. The service starts <c>appattach-listener session VERB --package
/// FULLNAME [--resource FULLNAME]…</c>; the exit code is 0 or the HRESULT. It reads no file of the listener's, so that the user need not
/// be able to.
/// </summary>
/// <param name="Verb">What is done.</param>
/// <param name="PackageFullName">For which package.</param>
/// <param name="Resources">Its resource packages.</param>
internal sealed record SessionTask(SessionVerb Verb, string PackageFullName, IReadOnlyList<string> Resources)
{
    private const int PackageNotFound = unchecked((int)0x8007_3CF1); // ERROR_INSTALL_PACKAGE_NOT_FOUND
    private const int InvalidArgument = unchecked((int)0x8007_0057); // E_INVALIDARG

    /// <summary>The arguments of the process; full names have no character that would need quoting.</summary>
    public string Arguments =>
        string.Join(' ', new[] { "session", Verb.ToString().ToLowerInvariant(), "--package", PackageFullName }.Concat(Resources.SelectMany(name => new[] { "--resource", name })));

    /// <summary>The command that the service starts; people have no use for it, so help does not name it.</summary>
    public static Command Command()
    {
        var parent = new Command("session") { Hidden = true };
        foreach (var verb in Enum.GetValues<SessionVerb>())
        {
            var package = new Option<string>("--package") { Required = true };
            var resources = new Option<string[]>("--resource");
            var command = new Command(verb.ToString().ToLowerInvariant()) { package, resources };
            command.SetAction(result => new SessionTask(verb, result.GetValue(package)!, result.GetValue(resources) ?? []).Run());
            parent.Add(command);
        }

        return parent;
    }

    // RegisterPackageByFullNameAsync registers for the user whom the process runs as; RemovePackageAsync removes for him only.
    private int Run()
    {
        if (Resources.Append(PackageFullName).Any(name => Commands.PackageFullName.TryParse(name) is null))
        {
            return InvalidArgument;
        }

        try
        {
            Do();
            return 0;
        }
        catch (CommandFailedException e)
        {
            return e.WindowsResult ?? unchecked((int)0x8000_4005); // E_FAIL
        }
    }

    /// <summary>Does it for the user whom this process runs as.</summary>
    /// <exception cref="CommandFailedException">Windows refused.</exception>
    public void Do()
    {
        var packages = new PackageManager();
        if (Verb == SessionVerb.Register)
        {
            Deployment.Run(
                Contracts.ErrorCodes.RegistrationFailed,
                $"Package {PackageFullName} cannot be registered",
                () => packages.RegisterPackageByFullNameAsync(PackageFullName, Resources, DeploymentOptions.ForceUpdateFromAnyVersion));
        }
        else
        {
            Deployment.Run(
                Contracts.ErrorCodes.RegistrationFailed,
                $"Package {PackageFullName} cannot be deregistered",
                () => packages.RemovePackageAsync(PackageFullName, RemovalOptions.PreserveRoamableApplicationData),
                PackageNotFound);
        }
    }
}
