namespace AppAttach.Listener.Ledger;

/// <summary>Which state may follow which.</summary>
internal static class PackageTransitions
{
    /// <summary>Whether a package may go from one state to another; writing the same state again is always allowed.</summary>
    public static bool IsValidTransition(PackageState from, PackageState to) => from == to || (from, to) switch
    {
        (PackageState.Absent, PackageState.Staging) => true,

        // Recovery finds a mounted package that the ledger has lost.
        (PackageState.Absent, PackageState.Staged or PackageState.Registered) => true,
        (PackageState.Staging, PackageState.Staged or PackageState.Absent) => true,
        (PackageState.Staged, PackageState.Registering or PackageState.Destaging) => true,

        // Recovery finds registrations that the ledger does not know.
        (PackageState.Staged, PackageState.Registered) => true,
        (PackageState.Registering, PackageState.Registered or PackageState.Staged) => true,

        // Another version of the family takes the users over: Registered to Staged without an effect of its own.
        (PackageState.Registered, PackageState.Registering or PackageState.Deregistering or PackageState.Staged) => true,
        (PackageState.Deregistering, PackageState.Registered or PackageState.Staged) => true,
        (PackageState.Destaging, PackageState.Absent) => true,
        _ => false,
    };
}
