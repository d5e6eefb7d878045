using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Pipeline.Ports;

/// <summary>One dropped file, as it was when it was noticed.</summary>
/// <param name="Container">Container or folder it lies in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="ETag">Changes when the file does.</param>
/// <param name="SizeBytes">Its length, in bytes.</param>
public sealed record PackageDrop(string Container, string Name, string ETag, long SizeBytes)
{
    /// <summary>Instance id of the orchestration that publishes it: the same event twice starts nothing twice.</summary>
    /// <returns><c>publish-</c> and 32 hexadecimal digits made from container, name and ETag.</returns>
    public string ToInstanceId() => InstanceId.Of("publish-", $"{Container}\n{Name}\n{ETag}");
}
