using System.Globalization;

namespace AppAttach.Listener.Checks;

/// <summary>There is space for the ledger and for what users' apps write. Images stay on their shares.</summary>
internal sealed class FreeSpaceCheck(ListenerOptions options) : IListenerCheck
{
    private const long LeastBytes = 1L << 30;

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CheckFinding>>([Look()]);

    private CheckFinding Look()
    {
        const string subject = "free space";
        try
        {
            var free = new DriveInfo(options.StateFolder).AvailableFreeSpace;
            var text = $"{(free / 1e9).ToString("0.0", CultureInfo.InvariantCulture)} GB where {options.StateFolder} is";
            return free >= LeastBytes ? new CheckFinding(subject, IsGood: true, text + ".") : new CheckFinding(subject, IsGood: false, text + "; 1.1 GB are needed. Free some.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new CheckFinding(subject, IsGood: false, $"{e.Message} Look at the state folder's path.");
        }
    }
}
