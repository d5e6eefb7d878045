using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Pipeline.Rollout;

/// <summary>What to bring to whom.</summary>
/// <param name="Package">The package.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Image">The copy that the pool's hosts read.</param>
/// <param name="Users">Users to register for; empty: everyone on the hosts.</param>
/// <param name="Deadline">How long hosts have for each of the two phases.</param>
/// <param name="OnlyHost">One host of the pool, or null for all that are known when the rollout begins.</param>
public sealed record RolloutInput(
    PackageReference Package,
    string Pool,
    ImageReference Image,
    IReadOnlyList<string> Users,
    TimeSpan Deadline,
    string? OnlyHost)
{
    private const string InstanceIdPrefix = "rollout-";

    /// <summary>Whether an instance id is one of a rollout.</summary>
    /// <param name="instanceId">The instance id.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsInstanceId(string instanceId) =>
        instanceId.Length == InstanceIdPrefix.Length + 32
        && instanceId.StartsWith(InstanceIdPrefix, StringComparison.Ordinal)
        && instanceId.Skip(InstanceIdPrefix.Length).All(char.IsAsciiHexDigitLower);

    /// <summary>Instance id: the same package, image, pool and host make one rollout.</summary>
    /// <returns><c>rollout-</c> and 32 hexadecimal digits.</returns>
    public string ToInstanceId() => InstanceId.Of(InstanceIdPrefix, $"{Package.FullName}\n{Image.Digest}\n{Pool}\n{OnlyHost}");
}

/// <summary>How it ended.</summary>
/// <param name="State">Completed if every host has the package registered; also if the pool has no hosts, for then nothing is left to do.</param>
/// <param name="Hosts">How far each host came.</param>
public sealed record RolloutResult(RolloutState State, IReadOnlyList<RolloutHost> Hosts);

/// <summary>
/// Brings one package to the hosts of one pool: stage everywhere, wait for the outcomes until a deadline, register where staging
/// went well, wait again. A host that fails or does not answer keeps back itself only.
/// </summary>
public sealed class RolloutOrchestrator : IOrchestrator<RolloutInput, RolloutResult>
{
    /// <summary>Name of the event that carries a <see cref="CommandOutcome"/> to the rollout.</summary>
    public const string OutcomeEvent = "outcome";

    /// <summary>Catalog and bus are close by: five attempts over 2 + 4 + 8 + 16 = 30 s outlast a restart of either.</summary>
    private static readonly TaskOptions Nearby = new(new RetryPolicy(5, TimeSpan.FromSeconds(2), 2));

    /// <inheritdoc/>
    public async Task<RolloutResult> RunAsync(OrchestrationContext context, RolloutInput input)
    {
        var begun = await context.CallActivityAsync<BeginRolloutResult>(
            nameof(BeginRolloutActivity), new BeginRolloutInput(context.InstanceId, input.Package, input.Pool, input.OnlyHost), Nearby);

        var staged = await RunPhaseAsync(context, input, CommandKind.Stage, begun.Hosts);
        var ready = begun.Hosts.Where(host => staged[host] is null).ToList();
        await RecordAsync(context, input, RolloutState.Running, Describe(begun.Hosts, staged, registered: null));

        var registered = await RunPhaseAsync(context, input, CommandKind.Register, ready);
        var hosts = Describe(begun.Hosts, staged, registered);
        var state = hosts.All(host => host.Progress == HostProgress.Registered) ? RolloutState.Completed : RolloutState.Failed;
        await RecordAsync(context, input, state, hosts);
        return new RolloutResult(state, hosts);
    }

    /// <summary>Sends one command to each host and waits; gives for each host null (it succeeded) or why not.</summary>
    private static async Task<Dictionary<string, Rejection?>> RunPhaseAsync(
        OrchestrationContext context,
        RolloutInput input,
        CommandKind kind,
        IReadOnlyList<string> hosts)
    {
        var results = new Dictionary<string, Rejection?>();
        if (hosts.Count == 0)
        {
            return results;
        }

        Describe(context, kind, results.Count, hosts.Count);
        var deadline = context.CurrentUtcDateTime + input.Deadline;
        try
        {
            await context.CallActivityAsync<SendCommandsResult>(
                nameof(SendCommandsActivity),
                new SendCommandsInput(context.InstanceId, kind, input.Package, input.Pool, input.Image, input.Users, hosts, deadline),
                Nearby);
        }
        catch (TaskFailedException failure)
        {
            var reason = new Rejection(ErrorCodes.Internal, $"The command {kind} could not be sent: {failure.ErrorMessage}");
            return hosts.ToDictionary(host => host, Rejection? (_) => reason);
        }

        var awaited = hosts.ToHashSet();
        while (results.Count < hosts.Count && context.CurrentUtcDateTime < deadline)
        {
            CommandOutcome outcome;
            try
            {
                outcome = await context.WaitForExternalEvent<CommandOutcome>(OutcomeEvent, deadline - context.CurrentUtcDateTime);
            }
            catch (TaskCanceledException)
            {
                break;
            }

            // Late ones of the phase before, repetitions, and hosts that are not of this rollout change nothing.
            if (outcome.Kind == kind && awaited.Remove(outcome.Host))
            {
                results[outcome.Host] = outcome.Result == OutcomeResult.Succeeded
                    ? null
                    : new Rejection(outcome.Code ?? ErrorCodes.Internal, outcome.Message ?? "The host gave no reason.");
                Describe(context, kind, results.Count, hosts.Count);
            }
        }

        foreach (var host in hosts.Where(awaited.Contains))
        {
            results[host] = new Rejection(ErrorCodes.NoAnswer, $"No outcome of {kind} arrived from {host} within {input.Deadline}.");
        }

        return results;
    }

    private static void Describe(OrchestrationContext context, CommandKind kind, int answers, int hosts) =>
        context.SetCustomStatus($"{kind}: {answers} of {hosts} hosts");

    private static List<RolloutHost> Describe(
        IReadOnlyList<string> hosts,
        Dictionary<string, Rejection?> staged,
        Dictionary<string, Rejection?>? registered) =>
        [.. hosts.Select(host =>
        {
            var reason = staged[host];
            if (reason is null && registered is null)
            {
                return new RolloutHost(host, HostProgress.Staged);
            }

            reason ??= registered![host];
            return reason is null
                ? new RolloutHost(host, HostProgress.Registered)
                : new RolloutHost(host, HostProgress.Failed, reason.Code, reason.Message);
        })];

    private static Task RecordAsync(
        OrchestrationContext context,
        RolloutInput input,
        RolloutState state,
        IReadOnlyList<RolloutHost> hosts) =>
        context.CallActivityAsync<RecordRolloutResult>(
            nameof(RecordRolloutActivity),
            new RecordRolloutInput(context.InstanceId, input.Package, input.Pool, state, hosts),
            Nearby);
}
