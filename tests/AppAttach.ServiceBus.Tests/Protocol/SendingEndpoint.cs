using AppAttach.Embedded.Bus;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>Takes what a client sends to a queue or topic: a transfer is accepted when all its messages are kept, or refused with the reason.</summary>
internal static class SendingEndpoint
{
    /// <summary>Takes transfers of a link from now on.</summary>
    /// <param name="link">The link.</param>
    /// <param name="broker">Keeps the messages.</param>
    /// <param name="path">Queue or topic.</param>
    /// <param name="isFailing">Asked once a transfer: whether it fails as when the service is at its limits.</param>
    public static void Serve(ReceivingAmqpLink link, BusBroker broker, string path, Func<bool> isFailing) =>
        link.RegisterMessageListener(message => AmqpServer.Run(link, async () =>
        {
            using (message)
            {
                link.DisposeMessage(message, await TakeAsync(message, broker, path, isFailing), settled: true, batchable: false);
            }
        }));

    private static async Task<Outcome> TakeAsync(AmqpMessage message, BusBroker broker, string path, Func<bool> isFailing)
    {
        if (isFailing())
        {
            return Refusal(new Error { Condition = "com.microsoft:timeout", Description = "The operation did not end in its time." });
        }

        try
        {
            await broker.SendAsync(path, AmqpMessages.Read(message));
            return new Accepted();
        }
        catch (BusException e)
        {
            return Refusal(AmqpServer.ToError(e));
        }
        catch (ArgumentException e)
        {
            return Refusal(new Error { Condition = AmqpErrorCode.NotAllowed, Description = e.Message });
        }
    }

    private static Rejected Refusal(Error error) => new() { Error = error };
}
