using System.Threading.Channels;

namespace AppAttach.Embedded.Engine;

/// <summary>
/// Which instances have to take a step, each once, and the messages for them that are in memory only: results of activities and
/// timers that are due. They stay here until the step that deals with them is committed.
/// </summary>
internal sealed class Mailboxes
{
    private readonly Lock _lock = new();
    private readonly Channel<string> _ready = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Message>> _messages = new(StringComparer.Ordinal);

    /// <summary>Says that an instance has something to deal with.</summary>
    /// <param name="instanceId">The instance.</param>
    public void Wake(string instanceId)
    {
        lock (_lock)
        {
            if (_waiting.Add(instanceId))
            {
                _ready.Writer.TryWrite(instanceId);
            }
        }
    }

    /// <summary>Keeps a message for an instance and wakes it.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="message">The message.</param>
    public void Add(string instanceId, Message message)
    {
        lock (_lock)
        {
            if (!_messages.TryGetValue(instanceId, out var messages))
            {
                _messages.Add(instanceId, messages = []);
            }

            messages.Add(message);
        }

        Wake(instanceId);
    }

    /// <summary>Waits for an instance that has something to deal with.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The instance.</returns>
    public async Task<string> NextAsync(CancellationToken cancellationToken)
    {
        var next = await _ready.Reader.ReadAsync(cancellationToken);
        lock (_lock)
        {
            _waiting.Remove(next);
        }

        return next;
    }

    /// <summary>The messages for an instance; they stay.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <returns>The messages in order.</returns>
    public List<Message> Peek(string instanceId)
    {
        lock (_lock)
        {
            return _messages.TryGetValue(instanceId, out var messages) ? [.. messages] : [];
        }
    }

    /// <summary>Takes out messages that have been dealt with.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="count">How many, from the oldest.</param>
    public void Remove(string instanceId, int count)
    {
        lock (_lock)
        {
            if (_messages.TryGetValue(instanceId, out var messages))
            {
                messages.RemoveRange(0, count);
                if (messages.Count == 0)
                {
                    _messages.Remove(instanceId);
                }
            }
        }
    }
}
