using AppAttach.Api;
using AppAttach.Api.Access;
using AppAttach.Api.Changes;
using AppAttach.Api.Ports;
using AppAttach.Azure.Blobs;
using AppAttach.Azure.Bus;
using AppAttach.Azure.Files;
using AppAttach.Functions.Access;
using AppAttach.Functions.Orchestration;
using AppAttach.Functions.Site;
using AppAttach.Functions.Triggers;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;
using Azure.Core.Serialization;
using Azure.Storage.Files.Shares;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AppAttach.Functions.Settings;

/// <summary>Puts the app together.</summary>
internal static class AppServices
{
    /// <summary>
    /// How long an answer to <c>events</c> goes on. The platform's load balancer takes 230 seconds for the longest time that an HTTP function may take
    /// (learn.microsoft.com/azure/azure-functions/functions-scale); a stream that it cuts looks like a failure, one that ends does not.
    /// </summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(200);

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

        services.AddSingleton(_ => new BlobPackageInbox(connections.BlobService(Connections.Packages), Containers.Packages));
        services.AddSingleton<IPackageInbox>(provider => provider.GetRequiredService<BlobPackageInbox>());
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
        AddSite();
        return services;

        global::Azure.Storage.Blobs.BlobServiceClient ImagesAccount() => connections.BlobService(Connections.Images);

        void AddSite()
        {
            services.AddSingleton<IApiAccess, PlatformAccess>();
            services.AddSingleton(provider => new BlobDropBox(
                connections.BlobService(Connections.Packages), Containers.Packages, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IPackageUpload>(provider => new BlobUpload(
                provider.GetRequiredService<BlobDropBox>(), provider.GetRequiredService<BlobPackageInbox>(), provider.GetRequiredService<PackageGate>(), settings.Policy.MaximumPackageBytes));
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<CommandSubscriptions>(provider, settings.CommandTopics));
            services.AddSingleton<IDeadLetterBox, BusDeadLetterBox>();
            services.AddSingleton<IChangeSource>(_ => new CatalogChanges(new BlobCatalogWatch(ImagesAccount().GetBlobContainerClient(Containers.Catalog))));
            services.AddSingleton(new ChangeFeedOptions { LongestAnswer = LongestAnswer });
            services.AddFleetApi();
            services.AddSingleton<FleetSite>();
        }

        FileShareRegionalShares MakeShares()
        {
            var images = ImagesAccount().GetBlobContainerClient(Containers.Images);
            var credential = connections.CredentialOf(Connections.Images);
            return new FileShareRegionalShares(settings.Regions.Select(region => new FileShareRegionalShare(
                region.Name,
                [.. region.Shares.Select(share => new FileShareOptions(new Uri(share.Uri), share.UncPath))],
                images,
                credential,
                new ShareClientOptions())));
        }
    }
}
