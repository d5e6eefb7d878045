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

    /// <summary>A <see cref="PipelineEvent"/>: a ring of a rollout was passed.</summary>
    public const string RolloutProgressed = "appattach.rollout.progressed.v1";

    /// <summary>A <see cref="PipelineEvent"/>: a rollout was halted and what it brought is taken back.</summary>
    public const string RolloutHalted = "appattach.rollout.halted.v1";

    /// <summary>A <see cref="PipelineEvent"/>: what a rollout brought was taken back.</summary>
    public const string RolloutRolledBack = "appattach.rollout.rolled-back.v1";

    /// <summary>A <see cref="PipelineEvent"/>: a host does not get what it should have.</summary>
    public const string HostFailing = "appattach.host.failing.v1";

    /// <summary>A <see cref="PipelineEvent"/>: someone asked for a change, and it was taken or refused.</summary>
    public const string RequestHandled = "appattach.request.handled.v1";

    /// <summary>A <see cref="RequestReply"/>.</summary>
    public const string Reply = "appattach.request.reply.v1";

    /// <summary>Types of requests start with this; the verb and the version follow, as in <c>appattach.request.roll-back.v1</c>.</summary>
    public const string RequestPrefix = "appattach.request.";

    /// <summary>The type of a request.</summary>
    /// <param name="verb">What is asked for.</param>
    /// <returns>The type.</returns>
    public static string OfRequest(RequestVerb verb) =>
        RequestPrefix + KebabCaseName.Of(verb) + ".v1";
}
