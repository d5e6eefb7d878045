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

    /// <summary>Every registration of every user, as it really is, in no order.</summary>
    IReadOnlyList<Registration> ListRegistrations();

    /// <summary>The users that a command without users means.</summary>
    IReadOnlyList<string> ListUsers();
}
