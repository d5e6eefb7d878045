namespace AppAttach.Contracts;

/// <summary>Types of the messages, with their version. A changed content gets a new version; the old one stays while anyone speaks it.</summary>
public static class MessageTypes
{
    /// <summary>A <see cref="HostCommand"/>.</summary>
    public const string Command = "appattach.host.command.v1";

    /// <summary>A <see cref="CommandOutcome"/>.</summary>
    public const string Outcome = "appattach.host.outcome.v1";

    /// <summary>A <see cref="HostHello"/>.</summary>
    public const string Hello = "appattach.host.hello.v1";

    /// <summary>A <see cref="PipelineEvent"/>: a package was rejected.</summary>
    public const string PackageRejected = "appattach.package.rejected.v1";

    /// <summary>A <see cref="PipelineEvent"/>: a package could not be published, for a reason that is not its own.</summary>
    public const string PackageFailed = "appattach.package.failed.v1";

    /// <summary>A <see cref="PipelineEvent"/>: a release is available.</summary>
    public const string ReleaseAvailable = "appattach.release.available.v1";

    /// <summary>A <see cref="PipelineEvent"/>: a rollout ended well on every host it reached.</summary>
    public const string RolloutCompleted = "appattach.rollout.completed.v1";

    /// <summary>A <see cref="PipelineEvent"/>: a rollout ended with failures.</summary>
    public const string RolloutFailed = "appattach.rollout.failed.v1";
}
