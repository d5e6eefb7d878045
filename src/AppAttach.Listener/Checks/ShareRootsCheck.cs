namespace AppAttach.Listener.Checks;

/// <summary>Each share root can be listed.</summary>
internal sealed class ShareRootsCheck(ListenerOptions options) : IListenerCheck
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CheckFinding>>([.. options.ShareRoots.Select(Look)]);

    private static CheckFinding Look(string root)
    {
        var subject = $"share root {root}";
        try
        {
            _ = Directory.EnumerateFileSystemEntries(root).Any();
            return new CheckFinding(subject, IsGood: true, "it can be read.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CheckFinding(subject, IsGood: false, $"{e.Message} Check that the share is reachable and this computer's account may read it.");
        }
    }
}
