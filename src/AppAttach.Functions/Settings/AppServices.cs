using AppAttach.Azure.Blobs;
using AppAttach.Azure.Bus;
using AppAttach.Azure.Files;
using AppAttach.Functions.Orchestration;
using AppAttach.Functions.Triggers;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AppAttach.Functions.Settings;

/// <summary>Puts the app together.</summary>
internal static class AppServices
{
    /// <summary>Adds the pipeline and its ports to the worker.</summary>
    /// <param name="services">The worker's services.</param>
    /// <param name="configuration">The app's settings.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong.</exception>
    public static IServiceCollection AddAppAttach(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = DeploymentSettings.Read(configuration);
        var connections = new Connections(configuration);

        // Durable takes inputs and results through the worker's serializer: histories have one spelling under every engine.
        services.Configure<WorkerOptions>(options => options.Serializer = new JsonObjectSerializer(OrchestrationJson.Options));
        try
        {
            services.AddPipeline(settings.ToPipelineOptions());
        }
        catch (ArgumentException e)
        {
            throw new InvalidOperationException($"AppAttach__Policy is not as it should be: {e.Message}", e);
        }

        services.AddSingleton<DurableOrchestrationClient>();
        services.AddSingleton<IOrchestrationClient>(provider => provider.GetRequiredService<DurableOrchestrationClient>());

        services.AddSingleton<IPackageInbox>(_ => new BlobPackageInbox(connections.BlobService(Connections.Packages), Containers.Packages));
        services.AddSingleton<IImageStore>(_ => new BlobImageStore(ImagesAccount().GetBlobContainerClient(Containers.Images)));
        services.AddSingleton<ICatalog>(_ => new BlobCatalog(ImagesAccount().GetBlobContainerClient(Containers.Catalog)));
        services.AddSingleton<IRegionalShares>(_ => MakeShares());
        services.AddSingleton(_ => connections.BusClient());
        services.AddSingleton(_ => connections.BusAdministration());
        services.AddSingleton<ICommandSender>(provider =>
            ActivatorUtilities.CreateInstance<ServiceBusCommandSender>(provider, settings.CommandTopics));
        services.AddSingleton<IEventSender, ServiceBusEventSender>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<IReplySender, ServiceBusReplySender>();
        return services;

        global::Azure.Storage.Blobs.BlobServiceClient ImagesAccount() => connections.BlobService(Connections.Images);

        FileShareRegionalShares MakeShares()
        {
            var images = ImagesAccount().GetBlobContainerClient(Containers.Images);
            var credential = connections.CredentialOf(Connections.Images);
            return new FileShareRegionalShares(settings.Regions.Select(region => new FileShareRegionalShare(
                region.Name,
                [.. region.Shares.Select(share => new FileShareOptions(new Uri(share.Uri), share.UncPath))],
                images,
                credential,
                new FileShareClientOptions())));
        }
    }
}
