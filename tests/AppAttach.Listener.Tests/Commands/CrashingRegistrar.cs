using AppAttach.Contracts;
using AppAttach.Listener.Registration;

namespace AppAttach.Listener.Tests.Commands;

internal sealed class CrashingRegistrar(IPackageRegistrar inner, CrashPoints points) : IPackageRegistrar
{
    public void Stage(StagedPackage package) => points.Around("make known " + package.Package.Version[0], () => inner.Stage(package));

    public bool IsStaged(StagedPackage package) => inner.IsStaged(package);

    public IReadOnlyList<string> ListStaged() => inner.ListStaged();

    public void Destage(string packageFullName) => points.Around("forget " + VersionOf(packageFullName), () => inner.Destage(packageFullName));

    public void Register(StagedPackage package, string user) =>
        points.Around($"register {package.Package.Version[0]} {user}", () => inner.Register(package, user));

    public void Deregister(string packageFullName, string user) =>
        points.Around($"deregister {VersionOf(packageFullName)} {user}", () => inner.Deregister(packageFullName, user));

    public void Provision(string familyName) => points.Around("provision", () => inner.Provision(familyName));

    public void Deprovision(string familyName) => points.Around("deprovision", () => inner.Deprovision(familyName));

    public bool IsProvisioned(string familyName) => inner.IsProvisioned(familyName);

    public IReadOnlyList<string> ListProvisioned() => inner.ListProvisioned();

    public IReadOnlyList<AppAttach.Listener.Registration.Registration> ListRegistrations() => inner.ListRegistrations();

    public IReadOnlyList<HostUser> ListUsers() => inner.ListUsers();

    public bool IsInReach(string user) => inner.IsInReach(user);

    public string Identify(string user) => inner.Identify(user);

    public IReadOnlyList<FrameworkReference>? ListFrameworks() => inner.ListFrameworks();

    public IReadOnlyList<string>? ListTrustedCertificates() => inner.ListTrustedCertificates();

    private static char VersionOf(string packageFullName) => packageFullName.Split('_')[1][0];
}
