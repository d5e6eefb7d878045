using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using AppAttach.Embedded.Bus;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>Takes what a client sends to a queue or topic: a transfer is accepted when all its messages are kept, or refused with the reason.</summary>
internal sealed class SendingEndpoint(BusBroker broker, string path, Func<bool> isFailing) : LinkEndpoint
{
    public override void OnMessage(MessageContext messageContext) => _ = Task.Run(() => TakeAsync(messageContext));

    public override void OnFlow(FlowContext flowContext)
    {
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }

    private async Task TakeAsync(MessageContext context)
    {
        if (isFailing())
        {
            context.Complete(new Error("com.microsoft:timeout") { Description = "The operation did not end in its time." });
            return;
        }

        try
        {
            await broker.SendAsync(path, AmqpMessages.Read(context.Message));
            context.Complete();
        }
        catch (BusException e)
        {
            context.Complete(AmqpServer.ToError(e));
        }
        catch (ArgumentException e)
        {
            context.Complete(new Error(ErrorCode.NotAllowed) { Description = e.Message });
        }
    }
}
