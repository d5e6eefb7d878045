using System.Diagnostics;
using Azure.Messaging.ServiceBus;

namespace AppAttach.Azure.Bus;

/// <summary>What every message to the bus has.</summary>
internal static class BusMessages
{
    /// <summary>
    /// Property by which Azure Functions and the Service Bus clients carry a W3C trace on
    /// (learn.microsoft.com/azure/service-bus-messaging/service-bus-end-to-end-tracing). The clients write it themselves only while
    /// somebody listens to their own spans.
    /// </summary>
    public const string DiagnosticIdProperty = "Diagnostic-Id";

    /// <summary>Adds the trace of the work that sends the message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The same message.</returns>
    public static ServiceBusMessage WithTrace(this ServiceBusMessage message)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id })
        {
            message.ApplicationProperties[DiagnosticIdProperty] = id;
        }

        return message;
    }
}
