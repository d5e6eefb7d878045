using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AppAttach.Contracts;

/// <summary>Writes messages and reads them back; what is read has every required member and no null where none may be.</summary>
public static class Message
{
    /// <summary>Media type of every message's body: one event in JSON (CloudEvents 1.0, JSON format, section 3).</summary>
    public const string ContentType = "application/cloudevents+json";

    /// <summary>A command in its envelope, as UTF-8 JSON.</summary>
    /// <param name="command">The command.</param>
    /// <param name="time">When it is sent.</param>
    /// <returns>The message's body.</returns>
    public static byte[] Write(HostCommand command, DateTimeOffset time) => Write(
        new CloudEvent<HostCommand>
        {
            Id = command.CommandId, Source = "/appattach/pipeline", Type = MessageTypes.Command, Subject = command.Host, Time = time, Data = command,
        },
        ContractsJson.Default.CloudEventHostCommand);

    /// <summary>An outcome in its envelope, as UTF-8 JSON.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <returns>The message's body.</returns>
    public static byte[] Write(CommandOutcome outcome) => Write(
        new CloudEvent<CommandOutcome>
        {
            Id = outcome.CommandId, Source = "/appattach/hosts/" + outcome.Host, Type = MessageTypes.Outcome, Subject = outcome.Host,
            Time = outcome.CompletedAt, Data = outcome,
        },
        ContractsJson.Default.CloudEventCommandOutcome);

    /// <summary>A hello in its envelope, as UTF-8 JSON.</summary>
    /// <param name="hello">The hello.</param>
    /// <param name="id">Identifies this hello.</param>
    /// <returns>The message's body.</returns>
    public static byte[] Write(HostHello hello, string id) => Write(
        new CloudEvent<HostHello>
        {
            Id = id, Source = "/appattach/hosts/" + hello.Host, Type = MessageTypes.Hello, Subject = hello.Host, Time = hello.SentAt, Data = hello,
        },
        ContractsJson.Default.CloudEventHostHello);

    /// <summary>An event for other systems in its envelope, as UTF-8 JSON.</summary>
    /// <param name="pipelineEvent">The event.</param>
    /// <param name="type">One of <see cref="MessageTypes"/>.</param>
    /// <param name="id">Identifies this event.</param>
    /// <param name="time">When it is sent.</param>
    /// <returns>The message's body.</returns>
    public static byte[] Write(PipelineEvent pipelineEvent, string type, string id, DateTimeOffset time) => Write(
        new CloudEvent<PipelineEvent>
        {
            Id = id, Source = "/appattach/pipeline", Type = type, Subject = pipelineEvent.Package?.FullName ?? pipelineEvent.Drop, Time = time,
            Data = pipelineEvent,
        },
        ContractsJson.Default.CloudEventPipelineEvent);

    /// <summary>The answer to a request in its envelope, as UTF-8 JSON.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="time">When it is sent.</param>
    /// <returns>The message's body.</returns>
    public static byte[] Write(RequestReply reply, DateTimeOffset time) => Write(
        new CloudEvent<RequestReply>
        {
            Id = reply.RequestId + "-reply", Source = "/appattach/pipeline", Type = MessageTypes.Reply, Subject = reply.RequestId, Time = time, Data = reply,
        },
        ContractsJson.Default.CloudEventRequestReply);

    /// <summary>Reads the answer to a request.</summary>
    /// <param name="body">The message's body.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="MessageInvalidException">The body is anything else.</exception>
    public static RequestReply ReadReply(ReadOnlySpan<byte> body) => Read(body, ContractsJson.Default.CloudEventRequestReply, MessageTypes.Reply);

    /// <summary>The type of a message, one of <see cref="MessageTypes"/> or one that is not known here.</summary>
    /// <param name="body">The message's body.</param>
    /// <returns>The value of <c>type</c>.</returns>
    /// <exception cref="MessageInvalidException">The body is not a CloudEvents envelope.</exception>
    public static string ReadType(ReadOnlySpan<byte> body) => ReadEnvelope(body).Type;

    /// <summary>Any message's envelope, its content not yet looked at.</summary>
    /// <param name="body">The message's body.</param>
    /// <returns>The envelope.</returns>
    /// <exception cref="MessageInvalidException">The body is not a CloudEvents envelope.</exception>
    public static CloudEvent<JsonElement> ReadEnvelope(ReadOnlySpan<byte> body) => ReadWhole(body, ContractsJson.Default.CloudEventJsonElement);

    /// <summary>
    /// The trace that a message belongs to, a W3C <c>traceparent</c>: a message is written with the one of the work that writes it.
    /// </summary>
    /// <param name="body">The message's body.</param>
    /// <returns>The value, unchecked; null if there is none, or the body is no envelope.</returns>
    public static string? FindTraceParent(ReadOnlySpan<byte> body)
    {
        try
        {
            return ReadEnvelope(body).TraceParent;
        }
        catch (MessageInvalidException)
        {
            return null;
        }
    }

    /// <summary>Reads a command.</summary>
    /// <param name="body">The message's body.</param>
    /// <returns>The command.</returns>
    /// <exception cref="MessageInvalidException">The body is anything else.</exception>
    public static HostCommand ReadCommand(ReadOnlySpan<byte> body) => Read(body, ContractsJson.Default.CloudEventHostCommand, MessageTypes.Command);

    /// <summary>Reads an outcome.</summary>
    /// <param name="body">The message's body.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="MessageInvalidException">The body is anything else.</exception>
    public static CommandOutcome ReadOutcome(ReadOnlySpan<byte> body) => Read(body, ContractsJson.Default.CloudEventCommandOutcome, MessageTypes.Outcome);

    /// <summary>Reads a hello.</summary>
    /// <param name="body">The message's body.</param>
    /// <returns>The hello.</returns>
    /// <exception cref="MessageInvalidException">The body is anything else.</exception>
    public static HostHello ReadHello(ReadOnlySpan<byte> body) => Read(body, ContractsJson.Default.CloudEventHostHello, MessageTypes.Hello);

    /// <summary>Reads an event for other systems.</summary>
    /// <param name="body">The message's body.</param>
    /// <returns>The event's type and content.</returns>
    /// <exception cref="MessageInvalidException">The body is anything else.</exception>
    public static (string Type, PipelineEvent Data) ReadEvent(ReadOnlySpan<byte> body)
    {
        var envelope = ReadWhole(body, ContractsJson.Default.CloudEventPipelineEvent);
        return (envelope.Type, envelope.Data);
    }

    private static byte[] Write<TData>(CloudEvent<TData> message, JsonTypeInfo<CloudEvent<TData>> type) =>
        JsonSerializer.SerializeToUtf8Bytes(
            message with { TraceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null }, type);

    private static TData Read<TData>(ReadOnlySpan<byte> body, JsonTypeInfo<CloudEvent<TData>> type, string expected)
    {
        var message = ReadWhole(body, type);
        return message.Type == expected
            ? message.Data
            : throw new MessageInvalidException($"The message is of type {message.Type}; {expected} was expected.");
    }

    private static CloudEvent<TData> ReadWhole<TData>(ReadOnlySpan<byte> body, JsonTypeInfo<CloudEvent<TData>> type)
    {
        try
        {
            var message = JsonSerializer.Deserialize(body, type) ?? throw new MessageInvalidException("The message is JSON null.");
            if (message.SpecVersion != "1.0")
            {
                throw new MessageInvalidException($"The message is CloudEvents {message.SpecVersion}; 1.0 was expected.");
            }

            // The serializer does not know that a type parameter stands for a type without null.
            return message.Data is not null ? message : throw new MessageInvalidException("The message's data are null.");
        }
        catch (JsonException e)
        {
            throw new MessageInvalidException($"The message cannot be read: {e.Message}", e);
        }
    }
}
