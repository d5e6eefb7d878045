using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using Amqp.Listener;
using Amqp.Sasl;
using Amqp.Types;
using AppAttach.Embedded.Bus;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>
/// The AMQP side of a namespace (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide): links to send and to receive,
/// <c>$cbs</c>, and <c>$management</c> for peeking.
/// </summary>
internal sealed class AmqpServer : ILinkProcessor, IHandler, IDisposable
{
    /// <summary>Authorization of a connection (…/service-bus-amqp-protocol-guide, "Claims-based authorization").</summary>
    private const string TokenNode = "$cbs";

    private const string ManagementNode = "/$management";

    private readonly BusBroker _broker;
    private readonly ConditionalWeakTable<Connection, HashSet<string>> _authorized = [];
    private ContainerHost? _host;
    private int _failingSends;
    private int _transfers;

    public AmqpServer(BusBroker broker) => _broker = broker;

    /// <summary>Queues and topics to which nobody may send.</summary>
    public ISet<string> Refused { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many of the next sends are refused for a while.</summary>
    public int FailingSends
    {
        get => _failingSends;
        set => _failingSends = value;
    }

    /// <summary>Transfers that came for queues and topics.</summary>
    public int Transfers => _transfers;

    /// <summary>Starts to listen.</summary>
    /// <returns>The port.</returns>
    public int Open()
    {
        while (true)
        {
            var port = FakeNamespace.FindPort();
            var host = new ContainerHost(new Address($"amqp://127.0.0.1:{port}"));
            host.Listeners[0].SASL.EnableMechanism("MSSBCBS", SaslProfile.Anonymous);
            host.Listeners[0].HandlerFactory = _ => this;
            host.RegisterLinkProcessor(this);
            try
            {
                host.Open();
                _host = host;
                return port;
            }
            catch (SocketException)
            {
                // Somebody else was faster.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _host?.Close();

    /// <inheritdoc/>
    public bool CanHandle(EventId id) => id == EventId.SendDelivery;

    /// <summary>The delivery tag of a locked message is its lock token (…/service-bus-amqp-protocol-guide, "Transfers and settlement").</summary>
    public void Handle(Event protocolEvent)
    {
        if (protocolEvent.Context is IDelivery { Message: { } message } delivery && ReceivingEndpoint.FindLock(message) is { } lockToken)
        {
            delivery.Tag = lockToken.ToByteArray();
        }
    }

    /// <inheritdoc/>
    public void Process(AttachContext attachContext)
    {
        var attach = attachContext.Attach;
        var address = (attach.Role ? ((Source)attach.Source).Address : ((Target)attach.Target).Address).Trim('/');
        var connection = attachContext.Link.Session.Connection;
        if (address == TokenNode)
        {
            Answer(attachContext, request => AuthorizeAsync(connection, request));
        }
        else if (!IsAuthorized(connection, address))
        {
            attachContext.Complete(Refusal(ErrorCode.UnauthorizedAccess, $"There is no token for {address}."));
        }
        else if (address.EndsWith(ManagementNode, StringComparison.Ordinal))
        {
            Answer(attachContext, request => ManageAsync(address[..^ManagementNode.Length], request));
        }
        else if (attach.Role && attach.SndSettleMode == SenderSettleMode.Settled)
        {
            attachContext.Complete(Refusal(ErrorCode.NotImplemented, "Messages are given out under a lock only."));
        }
        else if (!attach.Role && Refused.Contains(address))
        {
            attachContext.Complete(Refusal(ErrorCode.UnauthorizedAccess, $"Send claims are required on {address}."));
        }
        else
        {
            _ = Task.Run(() => AttachAsync(attachContext, address));
        }
    }

    /// <summary>What a refusal of the bus is in AMQP.</summary>
    public static Error ToError(BusException refusal) => Refusal(
        refusal.Error switch
        {
            BusError.EntityUnknown => ErrorCode.NotFound,
            BusError.LockLost => "com.microsoft:message-lock-lost",
            BusError.TooLarge => ErrorCode.MessageSizeExceeded,
            _ => "com.microsoft:argument-error",
        },
        refusal.Message);

    private static Error Refusal(string condition, string description) => new(condition) { Description = description };

    private async Task AttachAsync(AttachContext context, string address)
    {
        try
        {
            if (context.Attach.Role)
            {
                // Nothing else says whether it is there and can be received from.
                await _broker.PeekAsync(address, 1);
                context.Complete(new ReceivingEndpoint(_broker, address, context.Link), 0);
            }
            else
            {
                await _broker.SendAsync(address, []);

                // A sender asks the link how much a batch may hold.
                context.Attach.MaxMessageSize = BusMessage.LargestBytes;
                context.Complete(new SendingEndpoint(_broker, address, IsFailing), 100);
            }
        }
        catch (BusException e)
        {
            context.Complete(ToError(e));
        }
    }

    private bool IsFailing()
    {
        Interlocked.Increment(ref _transfers);
        return Interlocked.Decrement(ref _failingSends) >= 0;
    }

    private void Answer(AttachContext context, Func<Message, Task<Message>> answer) =>
        context.Complete(new RequestEndpoint(context, answer), context.Attach.Role ? 0 : 100);

    private Task<Message> AuthorizeAsync(Connection connection, Message request)
    {
        var signed = SharedKey.Check(request.Body as string);
        var asked = new Uri((string)request.ApplicationProperties["name"]).AbsolutePath;
        var isRight = signed is not null && asked.StartsWith(new Uri(signed).AbsolutePath, StringComparison.OrdinalIgnoreCase);
        if (isRight)
        {
            _authorized.GetOrCreateValue(connection).Add(asked.Trim('/'));
        }

        return Task.FromResult(new Message
        {
            ApplicationProperties = new ApplicationProperties
            {
                ["status-code"] = isRight ? 202 : 401, ["status-description"] = isRight ? "Accepted" : "The token is not valid.",
            },
        });
    }

    private bool IsAuthorized(Connection connection, string address) =>
        _authorized.TryGetValue(connection, out var addresses) && addresses.Contains(address);

    /// <summary>Peeks (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response, "Peek Message").</summary>
    private async Task<Message> ManageAsync(string address, Message request)
    {
        if (request.ApplicationProperties["operation"] as string != "com.microsoft:peek-message")
        {
            return Status(501, "Messages can be peeked at, nothing else.");
        }

        var asked = (Map)request.Body;
        try
        {
            var found = await _broker.PeekAsync(address, (int)asked["message-count"], Math.Max(1, (long)asked["from-sequence-number"]));
            var answer = Status(found.Count == 0 ? 204 : 200, "OK");
            answer.BodySection = new AmqpValue
            {
                Value = new Map { ["messages"] = found.Select(delivery => new Map { ["message"] = Bytes(AmqpMessages.Write(delivery)) }).ToList() },
            };
            return answer;
        }
        catch (BusException e)
        {
            var answer = Status(404, e.Message);
            answer.ApplicationProperties["errorCondition"] = (Symbol)ToError(e).Condition;
            return answer;
        }
    }

    private static Message Status(int code, string description) => new()
    {
        ApplicationProperties = new ApplicationProperties { ["statusCode"] = code, ["statusDescription"] = description },
    };

    private static byte[] Bytes(Message message)
    {
        var buffer = message.Encode();
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }
}
