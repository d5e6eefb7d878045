using AppAttach.Contracts;
using AppAttach.Listener.Registration;

namespace AppAttach.Listener.Tests.Commands;

/// <summary>A registrar that, as Windows' does, reaches only users who are signed in.</summary>
internal sealed class SessionRegistrar(IPackageRegistrar inner) : IPackageRegistrar
{
    public Dictionary<string, string[]> SignedIn { get; } = [];

    public IReadOnlyList<FrameworkReference>? Frameworks { get; set; }

    public void Stage(StagedPackage package) => inner.Stage(package);

    public bool IsStaged(StagedPackage package) => inner.IsStaged(package);

    public IReadOnlyList<string> ListStaged() => inner.ListStaged();

    public void Destage(string packageFullName) => inner.Destage(packageFullName);

    public void Register(StagedPackage package, string user)
    {
        Assert.True(IsInReach(user), $"{user} is not signed in.");
        inner.Register(package, user);
    }

    public void Deregister(string packageFullName, string user)
    {
        Assert.True(IsInReach(user), $"{user} is not signed in.");
        inner.Deregister(packageFullName, user);
    }

    /// <summary>Why the system refuses to give a family by itself; null: it does not.</summary>
    public string? ProvisioningRefusal { get; set; }

    public void Provision(string familyName)
    {
        if (ProvisioningRefusal is { } reason)
        {
            throw new CommandFailedException(ErrorCodes.RegistrationFailed, reason);
        }

        inner.Provision(familyName);
    }

    public void Deprovision(string familyName) => inner.Deprovision(familyName);

    public bool IsProvisioned(string familyName) => inner.IsProvisioned(familyName);

    public IReadOnlyList<string> ListProvisioned() => inner.ListProvisioned();

    public IReadOnlyList<AppAttach.Listener.Registration.Registration> ListRegistrations() => inner.ListRegistrations();

    public IReadOnlyList<HostUser> ListUsers() => [.. SignedIn.Select(user => new HostUser(user.Key, user.Value))];

    public bool IsInReach(string user) => SignedIn.ContainsKey(user);

    public string Identify(string user) => user;

    public IReadOnlyList<FrameworkReference>? ListFrameworks() => Frameworks;

    public IReadOnlyList<string>? ListTrustedCertificates() => inner.ListTrustedCertificates();
}
