using AppAttach.Contracts;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>What to ask of which hosts.</summary>
/// <param name="RolloutId">Instance id of the rollout; outcomes come back to it.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Package">The package.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Image">The copy to stage from.</param>
/// <param name="Users">Users to register for; empty: everyone.</param>
/// <param name="Hosts">The hosts.</param>
/// <param name="Deadline">When hosts refuse the command, UTC.</param>
public sealed record SendCommandsInput(
    string RolloutId,
    CommandKind Kind,
    PackageReference Package,
    string Pool,
    ImageReference Image,
    IReadOnlyList<string> Users,
    IReadOnlyList<string> Hosts,
    DateTime Deadline);

/// <summary>The bus has them.</summary>
public sealed record SendCommandsResult;

/// <summary>Sends one command to each host. Command ids are made from rollout, kind and host, so that a repetition is one.</summary>
/// <param name="sender">The bus.</param>
public sealed class SendCommandsActivity(ICommandSender sender) : IActivity<SendCommandsInput, SendCommandsResult>
{
    /// <inheritdoc/>
    public async Task<SendCommandsResult> RunAsync(SendCommandsInput input, CancellationToken cancellationToken)
    {
        var commands = input.Hosts.Select(host => new HostCommand
        {
            CommandId = $"{input.RolloutId}.{input.Kind}.{host}",
            Host = host,
            Kind = input.Kind,
            Package = input.Package,
            Image = input.Kind == CommandKind.Stage ? input.Image : null,
            Users = input.Kind == CommandKind.Register ? input.Users : [],
            Deadline = new DateTimeOffset(DateTime.SpecifyKind(input.Deadline, DateTimeKind.Utc)),
            RolloutId = input.RolloutId,
        });
        await sender.SendAsync(input.Pool, [.. commands], cancellationToken);
        return new SendCommandsResult();
    }
}
