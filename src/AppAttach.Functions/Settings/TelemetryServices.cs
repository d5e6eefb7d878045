using AppAttach.Pipeline.Telemetry;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace AppAttach.Functions.Settings;

/// <summary>
/// Sends the worker's traces, metrics and logs to Application Insights by OpenTelemetry; the Functions host, a process of its own,
/// does the same (<c>telemetryMode</c> in host.json). Source: learn.microsoft.com/azure/azure-functions/opentelemetry-howto.
/// </summary>
internal static class TelemetryServices
{
    /// <summary>Setting that says where to; without it nothing is sent.</summary>
    public const string ConnectionStringSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Spans of the Durable Task worker: orchestrations, activities and events.</summary>
    private const string DurableTaskSource = "Microsoft.DurableTask";

    /// <summary>Adds the exporters to the worker.</summary>
    /// <param name="services">The worker's services.</param>
    /// <param name="configuration">The app's settings.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var telemetry = services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithTracing(traces => traces.AddSource(PipelineTelemetry.Name, DurableTaskSource))
            .WithMetrics(metrics => metrics.AddMeter(PipelineTelemetry.Name));
        if (configuration[ConnectionStringSetting] is { Length: > 0 } address)
        {
            telemetry.UseAzureMonitorExporter(options =>
            {
                options.ConnectionString = address;
                options.Credential = new Connections(configuration).CredentialOf(Connections.Insights);
            });
        }

        return services;
    }
}
