namespace AppAttach.Listener.Checks;

/// <summary>Looks at one thing that a listener needs, without changing it.</summary>
internal interface IListenerCheck
{
    /// <summary>What it finds: at least one finding.</summary>
    Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken);
}
