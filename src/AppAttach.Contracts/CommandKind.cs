namespace AppAttach.Contracts;

/// <summary>What a command asks of a host: Windows' four phases of an app, and a report.</summary>
public enum CommandKind
{
    /// <summary>Machine: mount the image and make the package known.</summary>
    Stage,

    /// <summary>User: make the package usable.</summary>
    Register,

    /// <summary>User: take the package away.</summary>
    Deregister,

    /// <summary>Machine: forget the package and unmount the image.</summary>
    Destage,

    /// <summary>Say hello now, with the inventory.</summary>
    Report,
}
