using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Requests;

/// <summary>
/// Takes what is asked for, from the queue <c>requests</c> and from the API alike. Each request has its effect once: its answer is
/// recorded by its id, with who asked and when, and a repetition gets the same answer.
/// </summary>
/// <param name="catalog">Keeps requests and answers.</param>
/// <param name="verbs">Does what is asked.</param>
/// <param name="replies">Answers senders.</param>
/// <param name="events">Tells others what was asked.</param>
/// <param name="clock">The clock.</param>
public sealed class RequestHandler(ICatalog catalog, RequestVerbs verbs, IReplySender replies, IEventSender events, TimeProvider clock)
{
    /// <summary>Handles one message of the queue.</summary>
    /// <param name="body">The message's body.</param>
    /// <param name="address">Where its sender wants an answer; null: nowhere.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer, once everything is recorded: the message may be completed. What it throws otherwise may work later.</returns>
    /// <exception cref="MessageInvalidException">The message can never be handled: dead-letter it with this reason.</exception>
    public async Task<RequestReply> HandleAsync(ReadOnlyMemory<byte> body, ReplyAddress? address, CancellationToken cancellationToken)
    {
        RequireForeign(address);
        RequestReply reply;
        try
        {
            reply = await HandleAsync(RequestReader.Read(body.Span), cancellationToken);
        }
        catch (MessageInvalidException e) when (address is not null)
        {
            await replies.SendAsync(
                address,
                new RequestReply { RequestId = address.CorrelationId ?? "", IsAccepted = false, Code = ErrorCodes.MessageInvalid, Message = e.Message },
                cancellationToken);
            throw;
        }

        if (address is not null)
        {
            await replies.SendAsync(address, reply, cancellationToken);
        }

        return reply;
    }

    /// <summary>Handles a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="MessageInvalidException">Another request has the same id.</exception>
    public async Task<RequestReply> HandleAsync(PipelineRequest request, CancellationToken cancellationToken)
    {
        var record = await catalog.UpdateAsync<RequestRecord>(
            DocumentKinds.Requests, request.Id, current => current ?? new RequestRecord(WithoutSecret(request), null, clock.GetUtcNow(), null), cancellationToken);
        if (record.Request.Verb != request.Verb || record.Request.RequestedBy != request.RequestedBy)
        {
            throw new MessageInvalidException($"The id {request.Id} was used before, by {record.Request.RequestedBy} for {record.Request.Verb}: give each request an id of its own.");
        }

        if (record.Reply is { } answered)
        {
            return answered;
        }

        // What was asked first counts, not what a repetition says.
        var asked = WithoutSecret(request).Source == record.Request.Source ? record.Request with { Source = request.Source } : record.Request;
        var reply = await verbs.DoAsync(asked, cancellationToken);
        record = await catalog.UpdateAsync<RequestRecord>(
            DocumentKinds.Requests,
            request.Id,
            current => (current ?? record) is { Reply: null } open ? open with { Reply = reply, AnsweredAt = clock.GetUtcNow() } : current!,
            cancellationToken);
        await SayAsync(record, cancellationToken);
        return record.Reply!;
    }

    /// <summary>The request as it is recorded, where many may read it: an address without what may open it.</summary>
    private static PipelineRequest WithoutSecret(PipelineRequest request) =>
        request.Source is { } source ? request with { Source = PackageSources.Shown(new Uri(source)) } : request;

    /// <summary>The pipeline's own entities take no answers: a sender must not speak to hosts in the pipeline's name.</summary>
    private static void RequireForeign(ReplyAddress? address)
    {
        if (address?.ReplyTo is { } name
            && (name is BusEntities.Drops or BusEntities.Requests or BusEntities.HostOutcomes or BusEntities.Events
                || name.StartsWith(BusEntities.HostCommandsPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            throw new MessageInvalidException($"replyTo is {name}, which is the pipeline's own: name a queue of yours.");
        }
    }

    private Task SayAsync(RequestRecord record, CancellationToken cancellationToken)
    {
        var (request, reply) = (record.Request, record.Reply!);
        return events.SendAsync(
            MessageTypes.RequestHandled,
            "request-" + request.Id,
            new PipelineEvent
            {
                Pool = request.Pool,
                Host = request.Host,
                RolloutId = reply.Rollouts.Count > 0 ? reply.Rollouts[0] : request.RolloutId,
                RequestedBy = request.RequestedBy,
                Code = reply.Code,
                Message = $"{request.Verb} was {(reply.IsAccepted ? "taken" : "refused")}: {reply.Message}",
            },
            cancellationToken);
    }
}
