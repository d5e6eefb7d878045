namespace AppAttach.Listener.Ledger;

/// <summary>Where a package stands on this machine. The states in "-ing" are on disk before the effect begins.</summary>
internal enum PackageState
{
    /// <summary>Nothing is recorded and nothing is mounted. It is never written: the record is removed.</summary>
    Absent,

    /// <summary>Being mounted, checked and made known.</summary>
    Staging,

    /// <summary>Mounted and known to the machine; no user has it.</summary>
    Staged,

    /// <summary>Being registered for more users.</summary>
    Registering,

    /// <summary>Staged, and at least one user has it.</summary>
    Registered,

    /// <summary>Being taken away from users.</summary>
    Deregistering,

    /// <summary>Being forgotten and unmounted.</summary>
    Destaging,
}
