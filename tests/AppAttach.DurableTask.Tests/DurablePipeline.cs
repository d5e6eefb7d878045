using System.Security.Cryptography;
using AppAttach.Contracts;
using AppAttach.Functions.Orchestration;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Requests;
using AppAttach.Pipeline.Rollout;
using AppAttach.Pipeline.Tests.Ports;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Testing;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.DurableTask.Tests;

/// <summary>
/// The whole pipeline on the real Durable Task worker, which speaks gRPC to an engine in the process, over ports in memory. Time takes its time: retries
/// wait two seconds and more.
/// </summary>
internal sealed class DurablePipeline(params string[] regions) : MemoryWorld(regions), DurableTasks.IActivityRunner, IAsyncDisposable
{
    private readonly DurableOrchestrationClient _orchestrations = new();
    private DurableTaskTestHost? _host;

    public DurableTaskClient Client => _host!.Client;

    protected override TimeProvider Time => TimeProvider.System;

    public IOrchestrationClient Orchestrations => _orchestrations;

    public async Task StartAsync() => _host = await DurableTaskTestHost.StartAsync(
        registry => PipelineTasks.AddTo(new DurableTasks(registry, this)),
        new DurableTaskTestHostOptions
        {
            LoggerFactory = NullLoggerFactory.Instance,
            ConfigureServices = services =>
            {
                AddTo(services).AddSingleton<IOrchestrationClient>(_orchestrations);

                // One spelling under every engine, as the app has it.
                var converter = new JsonDataConverter(OrchestrationJson.Options);
                services.ConfigureAll<DurableTaskWorkerOptions>(options => options.DataConverter = converter);
                services.ConfigureAll<DurableTaskClientOptions>(options => options.DataConverter = converter);
            },
        });

    /// <summary>Does work with the client, as a function does.</summary>
    public Task<TResult> UseAsync<TResult>(Func<Task<TResult>> work) => _orchestrations.UseAsync(Client, work);

    public Task<TResult> RunAsync<TActivity, TInput, TResult>(TInput input)
        where TActivity : class, IActivity<TInput, TResult> =>
        UseAsync(() => _host!.Services.GetRequiredService<TActivity>().RunAsync(input, CancellationToken.None));

    /// <summary>Drops a package and waits until it is published or refused.</summary>
    public async Task<PublishPackageResult> PublishAsync(string name, byte[] package)
    {
        var drop = Inbox.Put(name, package);
        var id = await UseAsync(() => _host!.Services.GetRequiredService<PackageDropHandler>().HandleAsync(drop, CancellationToken.None));
        return await EndAsync<PublishPackageResult>(id);
    }

    /// <summary>Waits until an instance has ended.</summary>
    public async Task<TResult> EndAsync<TResult>(string instanceId)
    {
        var end = await Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, TestContext.Current.CancellationToken);
        Assert.True(end.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{end.RuntimeStatus}: {end.FailureDetails?.ErrorMessage}");
        return end.ReadOutputAs<TResult>()!;
    }

    /// <summary>Puts rings and a gate into the one assignment of a pool.</summary>
    public async Task AssignRingsAsync(string pool, params IReadOnlyList<RingDefinition> rings)
    {
        var key = AssignmentRecord.KeyOf(AssignmentRecord.EveryFamily, pool);
        await Catalog.UpdateAsync<AssignmentRecord>(DocumentKinds.Assignments, key, assignment => assignment! with { Rings = rings }, default);
    }

    /// <summary>Asks for something, as a message of another system does.</summary>
    public Task<RequestReply> AskAsync(PipelineRequest request) =>
        UseAsync(() => _host!.Services.GetRequiredService<RequestHandler>().HandleAsync(request, CancellationToken.None));

    /// <summary>Waits until a pool's rollout has ended, and checks that no orchestration failed.</summary>
    public async Task<RolloutRecord> RolloutAsync(string pool, string version)
    {
        RolloutRecord? Find() => Catalog.All<RolloutRecord>(DocumentKinds.Rollouts)
            .SingleOrDefault(record => record.Pool == pool && record.Package.Version == version);
        await Eventually.IsTrueAsync(() => Find() is not null, $"{version} comes to {pool}");
        var end = await EndAsync<RunRolloutResult>(Find()!.Id);
        await foreach (var instance in Client.GetAllInstancesAsync(new OrchestrationQuery { FetchInputsAndOutputs = true }))
        {
            Assert.True(instance.FailureDetails is null, $"{instance.Name} {instance.InstanceId}: {instance.FailureDetails?.ErrorMessage}");
        }

        Assert.Equal(end.State, Find()!.State);
        return Find()!;
    }

    public override Task DeliverAsync(byte[] body, ECDsa? key = null) => UseAsync(async () =>
    {
        var proof = key is null ? null : HostProof.Sign(key, body);
        await _host!.Services.GetRequiredService<HostMessageHandler>().HandleAsync(body, CancellationToken.None, proof: proof);
        return true;
    });

    /// <summary>Answers a command for a host that was silent when it came.</summary>
    public async Task AnswerLaterAsync(HostCommand command, TimeSpan after)
    {
        await Task.Delay(after, TestContext.Current.CancellationToken);
        await Bus.AnswerAsync(command, MemoryBus.Succeeded(command), PoolOf(command.Host));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
