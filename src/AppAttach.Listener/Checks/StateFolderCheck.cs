namespace AppAttach.Listener.Checks;

/// <summary>The state folder can be written.</summary>
internal sealed class StateFolderCheck(ListenerOptions options) : IListenerCheck
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CheckFinding>>([Look()]);

    private CheckFinding Look()
    {
        var subject = $"state folder {options.StateFolder}";
        try
        {
            var probe = Path.Combine(options.StateFolder, $"check-{Guid.NewGuid():N}");
            DurableFile.Write(probe, "check"u8);
            DurableFile.Delete(probe);
            return new CheckFinding(subject, IsGood: true, "it can be written.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CheckFinding(subject, IsGood: false, $"{e.Message} Give the listener's account the right to write there.");
        }
    }
}
