namespace AppAttach.Listener;

/// <summary>Which mounter a listener uses.</summary>
public enum MounterKind
{
    /// <summary>Windows' own on Windows; FUSE where it works, else the managed reader where the program brings one.</summary>
    Auto,

    /// <summary>FUSE and nothing else.</summary>
    Fuse,

    /// <summary>The managed reader and nothing else.</summary>
    Managed,

    /// <summary>Windows' virtual disks and nothing else.</summary>
    Windows,
}
