using AppAttach.Contracts;

namespace AppAttach.Listener.Registration;

/// <summary>
/// Makes packages known to the machine and usable by its users. Every call may be repeated and then changes nothing.
/// Calls do not overlap.
/// </summary>
internal interface IPackageRegistrar
{
    /// <summary>Makes a package known to the machine, at this folder and no other.</summary>
    /// <exception cref="CommandFailedException">It cannot be.</exception>
    void Stage(StagedPackage package);

    /// <summary>Whether the package is known to the machine at this folder.</summary>
    bool IsStaged(StagedPackage package);

    /// <summary>Full names of the packages that the machine knows, in no order.</summary>
    IReadOnlyList<string> ListStaged();

    /// <summary>Makes the machine forget a package.</summary>
    /// <exception cref="CommandFailedException">It cannot be.</exception>
    void Destage(string packageFullName);

    /// <summary>Makes a staged package usable by a user. Another version of the same family that the user has is replaced, in one step.</summary>
    /// <exception cref="CommandFailedException">It cannot be; the user has what he had.</exception>
    void Register(StagedPackage package, string user);

    /// <summary>Takes a package away from a user.</summary>
    /// <exception cref="CommandFailedException">It cannot be.</exception>
    void Deregister(string packageFullName, string user);

    /// <summary>Makes the system give the staged package of a family, the newest, to each user who signs in.</summary>
    /// <exception cref="CommandFailedException">It cannot be.</exception>
    void Provision(string familyName);

    /// <summary>Takes that back. Users who have the package keep it.</summary>
    /// <exception cref="CommandFailedException">It cannot be.</exception>
    void Deprovision(string familyName);

    /// <summary>Whether the system gives a family to each user who signs in.</summary>
    bool IsProvisioned(string familyName);

    /// <summary>Names of the families that it was told so of, in no order.</summary>
    IReadOnlyList<string> ListProvisioned();

    /// <summary>Every registration of every user, as it really is, in no order.</summary>
    IReadOnlyList<Registration> ListRegistrations();

    /// <summary>The users who are there now; a command without users is for them, and for all who come later.</summary>
    IReadOnlyList<HostUser> ListUsers();

    /// <summary>Whether registrations can be made for a user and taken away from him now: on Windows, whether he is signed in.</summary>
    bool IsInReach(string user);

    /// <summary>What registrations call a user whom a command names: on Windows, his security identifier.</summary>
    /// <exception cref="CommandFailedException">This machine does not know him.</exception>
    string Identify(string user);

    /// <summary>Framework packages that packages may need; null where the machine has no such thing.</summary>
    IReadOnlyList<FrameworkReference>? ListFrameworks();

    /// <summary>SHA-256 thumbprints of the certificates that the machine trusts by themselves, lower-case hexadecimal; null where it has no such thing.</summary>
    IReadOnlyList<string>? ListTrustedCertificates();
}
