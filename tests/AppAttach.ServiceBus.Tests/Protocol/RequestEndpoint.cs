using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Azure.Amqp;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>The two links over which a client asks a node and is answered.</summary>
internal static class RequestEndpoint
{
    /// <summary>Links to answer over, by the address that the client made up for them.</summary>
    private static readonly ConditionalWeakTable<AmqpConnection, ConcurrentDictionary<string, SendingAmqpLink>> Answers = [];

    /// <summary>Serves one of the two from now on.</summary>
    /// <param name="link">The link.</param>
    /// <param name="answer">Answers a request.</param>
    public static void Serve(AmqpLink link, Func<AmqpMessage, Task<AmqpMessage>> answer)
    {
        var answers = Answers.GetOrCreateValue(link.Session.Connection);
        switch (link)
        {
            case SendingAmqpLink sending:
                link.Settings.SettleType = SettleMode.SettleOnSend;
                answers[sending.Settings.Address(role: false).ToString()!] = sending;
                break;
            case ReceivingAmqpLink receiving:
                receiving.RegisterMessageListener(request => AmqpServer.Run(link, () => AnswerAsync(receiving, request, answers, answer)));
                break;
        }
    }

    private static async Task AnswerAsync(
        ReceivingAmqpLink link,
        AmqpMessage request,
        ConcurrentDictionary<string, SendingAmqpLink> answers,
        Func<AmqpMessage, Task<AmqpMessage>> answer)
    {
        using (request)
        {
            link.AcceptMessage(request, settled: true, batchable: false);
            var message = await answer(request);
            message.Properties.CorrelationId = request.Properties.MessageId;
            answers[request.Properties.ReplyTo.ToString()!].SendMessageNoWait(message, Guid.NewGuid().ToByteArray(), default);
        }
    }
}
