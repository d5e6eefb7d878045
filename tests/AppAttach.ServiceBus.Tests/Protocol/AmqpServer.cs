using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using AppAttach.Embedded.Bus;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Sasl;
using Microsoft.Azure.Amqp.Transport;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>
/// The AMQP side of a namespace (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide): links to send and to receive,
/// <c>$cbs</c>, and <c>$management</c> for peeking.
/// </summary>
internal sealed class AmqpServer : IRuntimeProvider, IDisposable
{
    /// <summary>Authorization of a connection (…/service-bus-amqp-protocol-guide, "Claims-based authorization").</summary>
    private const string TokenNode = "$cbs";

    private const string ManagementNode = "/$management";

    private readonly BusBroker _broker;
    private readonly ConditionalWeakTable<AmqpConnection, ConcurrentDictionary<string, bool>> _authorized = [];
    private readonly Socket _port = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly AmqpConnectionListener _listener;
    private int _failingSends;
    private int _transfers;

    public AmqpServer(BusBroker broker)
    {
        _broker = broker;

        // The listener cannot say which port it was given. It shares one that is held here and that nobody else can have.
        _port.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var version = new AmqpVersion(1, 0, 0);
        var sasl = new SaslTransportProvider { Versions = { version } };
        sasl.AddHandler(new SaslAnonymousHandler("MSSBCBS"));
        _listener = new AmqpConnectionListener(
            [$"amqp://{IPAddress.Loopback}:{Port}"],
            new AmqpSettings { RuntimeProvider = this, TransportProviders = { sasl, new AmqpTransportProvider { Versions = { version } } } },
            new AmqpConnectionSettings { ContainerId = nameof(AmqpServer) });
    }

    /// <summary>The port that it listens on, of the loopback interface.</summary>
    public int Port => ((IPEndPoint)_port.LocalEndPoint!).Port;

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

    /// <summary>What a refusal of the bus is in AMQP.</summary>
    public static Error ToError(BusException refusal) => new()
    {
        Condition = refusal.Error switch
        {
            BusError.EntityUnknown => AmqpErrorCode.NotFound,
            BusError.LockLost => "com.microsoft:message-lock-lost",
            BusError.TooLarge => AmqpErrorCode.MessageSizeExceeded,
            _ => "com.microsoft:argument-error",
        },
        Description = refusal.Message,
    };

    /// <summary>A refusal of the bus, thrown: a link ends of it.</summary>
    public static AmqpException ToException(BusException refusal) => new(ToError(refusal));

    /// <summary>Does a piece of a link's work in the background. A fault of this server ends the link, so that the client hears of it.</summary>
    public static void Run(AmqpLink link, Func<Task> work) => _ = Task.Run(async () =>
    {
        var done = work();
        await done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (done.Exception is { } fault)
        {
            link.SafeClose(fault.InnerException);
        }
    });

    /// <summary>Starts to listen.</summary>
    public void Open() => _listener.Open();

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Close();
        _port.Dispose();
    }

    AmqpConnection IConnectionFactory.CreateConnection(
        TransportBase transport, ProtocolHeader protocolHeader, bool isInitiator, AmqpSettings amqpSettings, AmqpConnectionSettings connectionSettings) =>
        new(transport, protocolHeader, isInitiator, amqpSettings, connectionSettings);

    AmqpSession ISessionFactory.CreateSession(AmqpConnection connection, AmqpSessionSettings settings) => new(connection, settings, this);

    AmqpLink ILinkFactory.CreateLink(AmqpSession session, AmqpLinkSettings settings)
    {
        if (!settings.IsReceiver())
        {
            return new SendingAmqpLink(session, settings);
        }

        // A sender asks the link how much a batch may hold.
        settings.MaxMessageSize = BusMessage.LargestBytes;
        settings.TotalLinkCredit = 100;
        settings.AutoSendFlow = true;
        return new ReceivingAmqpLink(session, settings);
    }

    IAsyncResult ILinkFactory.BeginOpenLink(AmqpLink link, TimeSpan timeout, AsyncCallback callback, object state) =>
        TaskToAsyncResult.Begin(ServeAsync(link), callback, state);

    void ILinkFactory.EndOpenLink(IAsyncResult result) => TaskToAsyncResult.End(result);

    private static AmqpException Refusal(AmqpSymbol condition, string description) => new(condition, description);

    private async Task ServeAsync(AmqpLink link)
    {
        var address = link.Settings.Address(role: !link.IsReceiver).ToString()!.Trim('/');
        if (address == TokenNode)
        {
            RequestEndpoint.Serve(link, request => Task.FromResult(Authorize(link.Session.Connection, request)));
        }
        else if (!AddressesOf(link.Session.Connection).ContainsKey(address))
        {
            throw Refusal(AmqpErrorCode.UnauthorizedAccess, $"There is no token for {address}.");
        }
        else if (address.EndsWith(ManagementNode, StringComparison.Ordinal))
        {
            RequestEndpoint.Serve(link, request => ManageAsync(address[..^ManagementNode.Length], request));
        }
        else if (link is SendingAmqpLink receiver)
        {
            if (link.Settings.SettleType == SettleMode.SettleOnSend)
            {
                throw Refusal(AmqpErrorCode.NotImplemented, "Messages are given out under a lock only.");
            }

            // Nothing else says whether it is there and can be received from.
            await RequireAsync(() => _broker.PeekAsync(address, 1));
            ReceivingEndpoint.Serve(receiver, _broker, address);
        }
        else
        {
            if (Refused.Contains(address))
            {
                throw Refusal(AmqpErrorCode.UnauthorizedAccess, $"Send claims are required on {address}.");
            }

            await RequireAsync(() => _broker.SendAsync(address, []));
            SendingEndpoint.Serve((ReceivingAmqpLink)link, _broker, address, IsFailing);
        }
    }

    private static async Task RequireAsync(Func<Task> attempt)
    {
        try
        {
            await attempt();
        }
        catch (BusException e)
        {
            throw ToException(e);
        }
    }

    private bool IsFailing()
    {
        Interlocked.Increment(ref _transfers);
        return Interlocked.Decrement(ref _failingSends) >= 0;
    }

    private ConcurrentDictionary<string, bool> AddressesOf(AmqpConnection connection) => _authorized.GetOrCreateValue(connection);

    private AmqpMessage Authorize(AmqpConnection connection, AmqpMessage request)
    {
        var signed = SharedKey.Check(request.ValueBody.Value as string);
        var asked = new Uri((string)request.ApplicationProperties.Map["name"]).AbsolutePath;
        var isRight = signed is not null && asked.StartsWith(new Uri(signed).AbsolutePath, StringComparison.OrdinalIgnoreCase);
        if (isRight)
        {
            AddressesOf(connection)[asked.Trim('/')] = true;
        }

        var answer = AmqpMessage.Create();
        answer.ApplicationProperties.Map["status-code"] = isRight ? 202 : 401;
        answer.ApplicationProperties.Map["status-description"] = isRight ? "Accepted" : "The token is not valid.";
        return answer;
    }

    /// <summary>Peeks (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response, "Peek Message").</summary>
    private async Task<AmqpMessage> ManageAsync(string address, AmqpMessage request)
    {
        if (request.ApplicationProperties.Map["operation"] as string != "com.microsoft:peek-message")
        {
            return Status(AmqpMessage.Create(), 501, "Messages can be peeked at, nothing else.");
        }

        var asked = (AmqpMap)request.ValueBody.Value;
        try
        {
            var found = await _broker.PeekAsync(address, (int)asked[new MapKey("message-count")], Math.Max(1, (long)asked[new MapKey("from-sequence-number")]));
            var messages = found.Select(delivery => new AmqpMap { [new MapKey("message")] = Bytes(AmqpMessages.Write(delivery)) }).ToList();
            return Status(AmqpMessage.Create(new AmqpValue { Value = new AmqpMap { [new MapKey("messages")] = messages } }), found.Count == 0 ? 204 : 200, "OK");
        }
        catch (BusException e)
        {
            var answer = Status(AmqpMessage.Create(), 404, e.Message);
            answer.ApplicationProperties.Map["errorCondition"] = ToError(e).Condition;
            return answer;
        }
    }

    private static ArraySegment<byte> Bytes(AmqpMessage message) => new([.. message.GetPayload().SelectMany(part => part)]);

    private static AmqpMessage Status(AmqpMessage answer, int code, string description)
    {
        answer.ApplicationProperties.Map["statusCode"] = code;
        answer.ApplicationProperties.Map["statusDescription"] = description;
        return answer;
    }
}
