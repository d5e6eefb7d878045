using AppAttach.Contracts;

namespace AppAttach.Listener.Mounting;

/// <summary>Chooses the mounter that the settings ask for and this machine can run.</summary>
internal static class MounterChoice
{
    /// <summary>Makes the mounter.</summary>
    /// <exception cref="CommandFailedException">None can work here; the message says what is missing.</exception>
    public static IImageMounter Make(ListenerOptions options, Func<IImageMounter>? managedMounter)
    {
        if (options.Mounter is MounterKind.Windows or MounterKind.Auto && Platform.MakeMounter(options) is { } native)
        {
            return native;
        }

        var obstacles = options.Mounter == MounterKind.Managed ? [] : FuseImageMounter.FindObstacles();
        return (options.Mounter, obstacles.Count, managedMounter) switch
        {
            (MounterKind.Managed, _, not null) => managedMounter(),
            (MounterKind.Managed, _, null) => throw new CommandFailedException(
                ErrorCodes.MountFailed, "This program has no managed mounter: use \"appattach listener\", or mounter fuse."),
            (MounterKind.Windows, _, _) => throw new CommandFailedException(
                ErrorCodes.MountFailed, "This is not the listener's Windows build: use that, or another mounter."),
            (_, 0, _) => new FuseImageMounter(options.MountRootOrDefault),
            (MounterKind.Auto, _, not null) => managedMounter(),
            _ => throw new CommandFailedException(ErrorCodes.MountFailed, "Images cannot be mounted here. " + string.Join(' ', obstacles)),
        };
    }
}
