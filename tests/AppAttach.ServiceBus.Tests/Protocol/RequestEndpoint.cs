using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>One of the two links over which a client asks a node and is answered.</summary>
internal sealed class RequestEndpoint : LinkEndpoint
{
    /// <summary>Links to answer over, by the address that the client made up for them.</summary>
    private static readonly ConditionalWeakTable<Connection, ConcurrentDictionary<string, ListenerLink>> Answers = [];

    private readonly Func<Message, Task<Message>> _answer;

    public RequestEndpoint(AttachContext context, Func<Message, Task<Message>> answer)
    {
        _answer = answer;
        if (context.Attach.Role)
        {
            context.Attach.SndSettleMode = SenderSettleMode.Settled;
            Answers.GetOrCreateValue(context.Link.Session.Connection)[((Target)context.Attach.Target).Address] = context.Link;
        }
    }

    public override void OnMessage(MessageContext messageContext)
    {
        var request = messageContext.Message;
        var link = Answers.GetOrCreateValue(messageContext.Link.Session.Connection)[request.Properties.ReplyTo];
        var id = request.Properties.GetMessageId();
        _ = Task.Run(async () =>
        {
            var answer = await _answer(request);
            answer.Properties = new Properties();
            answer.Properties.SetCorrelationId(id);
            messageContext.Complete();
            link.Send(answer);
        });
    }

    public override void OnFlow(FlowContext flowContext)
    {
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }
}
