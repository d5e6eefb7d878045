using Azure.Core;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;

namespace AppAttach.Functions.Settings;

/// <summary>
/// Connections as Azure Functions itself reads them for triggers: a setting of the connection's name is a connection string;
/// otherwise settings that begin with the name and two underscores hold an address (<c>blobServiceUri</c>,
/// <c>fullyQualifiedNamespace</c>) and how to sign in (<c>credential</c>, <c>clientId</c>).
/// </summary>
/// <param name="configuration">The app's settings.</param>
internal sealed class Connections(IConfiguration configuration)
{
    /// <summary>Account that packages are dropped into.</summary>
    public const string Packages = "Packages";

    /// <summary>Account of the hub and the catalog.</summary>
    public const string Images = "Images";

    /// <summary>The Service Bus namespace.</summary>
    public const string Bus = "Bus";

    /// <summary>Application Insights: how to sign in there; its address is in a setting of its own.</summary>
    public const string Insights = "Insights";

    /// <summary>Signs in as a connection says.</summary>
    /// <param name="name">Name of the connection.</param>
    /// <returns>A managed identity if the connection asks for it, otherwise whatever the developer's machine has.</returns>
    public TokenCredential CredentialOf(string name)
    {
        var section = configuration.GetSection(name);
        if (!string.Equals(section["credential"], "managedidentity", StringComparison.OrdinalIgnoreCase))
        {
            return new DefaultAzureCredential();
        }

        return new ManagedIdentityCredential(section["clientId"] is { Length: > 0 } clientId
            ? ManagedIdentityId.FromUserAssignedClientId(clientId)
            : ManagedIdentityId.SystemAssigned);
    }

    /// <summary>Opens a storage account's blobs.</summary>
    /// <param name="name">Name of the connection.</param>
    /// <returns>The client.</returns>
    public BlobServiceClient BlobService(string name) => configuration[name] is { Length: > 0 } text
        ? new BlobServiceClient(text)
        : new BlobServiceClient(new Uri(Required(name, "blobServiceUri")), CredentialOf(name));

    /// <summary>Opens the bus for sending.</summary>
    /// <returns>The client.</returns>
    public ServiceBusClient BusClient() => configuration[Bus] is { Length: > 0 } text
        ? new ServiceBusClient(text)
        : new ServiceBusClient(Required(Bus, "fullyQualifiedNamespace"), CredentialOf(Bus));

    /// <summary>Opens the bus for managing subscriptions.</summary>
    /// <returns>The client.</returns>
    public ServiceBusAdministrationClient BusAdministration() => configuration[Bus] is { Length: > 0 } text
        ? new ServiceBusAdministrationClient(text)
        : new ServiceBusAdministrationClient(Required(Bus, "fullyQualifiedNamespace"), CredentialOf(Bus));

    private string Required(string name, string key) => configuration[$"{name}:{key}"] is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"The setting {name}__{key} is missing; local.settings.sample.json shows all of them.");
}
