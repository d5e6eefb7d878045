using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Reconcile;
using AppAttach.Pipeline.Requests;
using AppAttach.Pipeline.Retention;
using AppAttach.Pipeline.Rollout;
using AppAttach.Pipeline.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AppAttach.Pipeline;

/// <summary>Adds the pipeline to a host. The host adds the ports, the orchestration client and logging.</summary>
public static class PipelineServices
{
    /// <summary>Adds activities, message handlers and readers.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">What the deployment decides.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentException">A certificate, thumbprint or publisher of the policy cannot be read.</exception>
    public static IServiceCollection AddPipeline(this IServiceCollection services, PipelineOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new PackageGate(options.Policy));
        services.AddSingleton<PackageDropHandler>();
        services.AddSingleton(_ => new PackageSources(options.Sources));
        services.AddSingleton<HostMessageHandler>();
        services.AddSingleton<HostRetirement>();
        services.AddSingleton<FleetReader>();
        services.AddSingleton<RolloutSignals>();
        services.AddSingleton<RingJudge>();
        services.AddSingleton<HostReconciler>();
        services.AddSingleton<RolloutStarter>();
        services.AddSingleton<RequestVerbs>();
        services.AddSingleton<RequestHandler>();
        services.AddSingleton<WhyReader>();
        services.AddSingleton<RetentionSweep>();
        services.AddSingleton<FleetUpkeep>();
        PipelineTasks.AddTo(new Registration(services));
        return services;
    }

    private sealed class Registration(IServiceCollection services) : ITaskRegistry
    {
        public void AddOrchestrator<TOrchestrator, TInput, TResult>()
            where TOrchestrator : class, IOrchestrator<TInput, TResult>, new() => services.AddTransient<TOrchestrator>();

        public void AddActivity<TActivity, TInput, TResult>()
            where TActivity : class, IActivity<TInput, TResult> => services.AddSingleton<TActivity>();
    }
}
