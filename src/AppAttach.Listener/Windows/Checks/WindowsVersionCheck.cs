using AppAttach.Listener.Checks;

namespace AppAttach.Listener.Windows.Checks;

/// <summary>Windows is new enough: Windows 10 2004, Server 2022.</summary>
internal sealed class WindowsVersionCheck : IListenerCheck
{
    private const int LeastBuild = 19041;

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken)
    {
        var version = Environment.OSVersion.Version;
        return Task.FromResult<IReadOnlyList<CheckFinding>>(
        [
            new CheckFinding("Windows", version.Build >= LeastBuild, version.Build >= LeastBuild ? $"{version}." : $"{version}; 10.0.{LeastBuild} is needed. Update Windows."),
        ]);
    }
}
