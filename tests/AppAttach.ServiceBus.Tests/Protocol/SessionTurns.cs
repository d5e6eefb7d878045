using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>
/// One send or settlement of a session at a time, past two faults of the AMQP library, which counts a transfer, and takes a settled one off its list, after it
/// is on the wire: the client may have answered by then.
/// </summary>
internal static class SessionTurns
{
    private static readonly ConditionalWeakTable<Session, object> Turns = [];

    /// <summary>
    /// Sends a message. The client takes any number of transfers (a window of 2³²-1), and the sum that the library makes of that (AMQP 1.0, part 2, section
    /// 2.5.6) wraps to zero when the client's flow comes in before the transfer that it answers is counted: nothing would be sent on that session any more.
    /// </summary>
    /// <param name="link">The link.</param>
    /// <param name="message">The message.</param>
    public static void Send(this ListenerLink link, Message message)
    {
        lock (Turns.GetOrCreateValue(link.Session))
        {
            ref var window = ref OutgoingWindow(link.Session);
            window = window == 0 ? uint.MaxValue : window;
            link.SendMessage(message);
        }
    }

    /// <summary>Settles a message that was sent.</summary>
    /// <param name="link">The link.</param>
    /// <param name="message">The message.</param>
    /// <param name="outcome">What became of it.</param>
    public static void Settle(this ListenerLink link, Message message, Outcome outcome)
    {
        lock (Turns.GetOrCreateValue(link.Session))
        {
            link.DisposeMessage(message, outcome, true);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "outgoingWindow")]
    private static extern ref uint OutgoingWindow(Session session);
}
