using AppAttach.Contracts;
using AppAttach.Embedded.Bus;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>
/// A Service Bus namespace on the loopback interface: AMQP 1.0 and the management API, as far as the adapters use them, in front of the bus that the
/// embedded host has. The clients are the real ones. It has the queues and topics of a deployment.
/// </summary>
internal sealed class FakeNamespace : IAsyncDisposable
{
    /// <summary>Command topics that it has, named from 0.</summary>
    public const int TopicCount = 2;

    private readonly TemporaryFolder _folder = new();
    private readonly AmqpServer _amqp;
    private readonly WebApplication _web;

    private FakeNamespace()
    {
        Broker = new BusBroker(_folder.PathOf("bus.db"), Clock, NullLogger.Instance);
        _amqp = new AmqpServer(Broker);
        Management = new ManagementApi(Broker);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.Run(Management.AnswerAsync);
    }

    /// <summary>What the server takes for the time. Waits take their real time.</summary>
    public ShiftedClock Clock { get; } = new();

    /// <summary>What it holds.</summary>
    public BusBroker Broker { get; }

    /// <summary>Its management API.</summary>
    public ManagementApi Management { get; }

    /// <summary>Queues and topics, by name, to which the client's identity may not send.</summary>
    public ISet<string> Refused => _amqp.Refused;

    /// <summary>How many of the next sends fail as when the service is at its limits.</summary>
    public int FailingSends
    {
        get => _amqp.FailingSends;
        set => _amqp.FailingSends = value;
    }

    /// <summary>Transfers that came for queues and topics; a batch is one.</summary>
    public int Transfers => _amqp.Transfers;

    /// <summary>A client of it.</summary>
    public ServiceBusClient Client { get; private set; } = null!;

    /// <summary>A client of its management API.</summary>
    public ServiceBusAdministrationClient Administration { get; private set; } = null!;

    /// <summary>Starts one.</summary>
    /// <returns>It, with everything but subscriptions.</returns>
    public static async Task<FakeNamespace> StartAsync()
    {
        var fake = new FakeNamespace();
        await BusSetup.EnsureAsync(fake.Broker, default);
        for (var i = 0; i < TopicCount; i++)
        {
            await fake.Broker.EnsureTopicAsync($"{BusEntities.HostCommandsPrefix}{i}", new BusEntitySettings());
        }

        await fake._web.StartAsync();
        fake._amqp.Open();
        fake.Client = new ServiceBusClient(
            ConnectionString(fake._amqp.Port),
            new ServiceBusClientOptions { RetryOptions = { Delay = TimeSpan.FromMilliseconds(20), TryTimeout = TimeSpan.FromSeconds(20) } });
        fake.Administration = new ServiceBusAdministrationClient(
            ConnectionString(new Uri(fake._web.Urls.Single()).Port),
            new ServiceBusAdministrationClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(20) } });
        return fake;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _amqp.Dispose();
        await _web.DisposeAsync();
        Broker.Dispose();
        _folder.Dispose();
    }

    private static string ConnectionString(int port) =>
        $"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName={SharedKey.Name};SharedAccessKey={SharedKey.Key};UseDevelopmentEmulator=true";
}
