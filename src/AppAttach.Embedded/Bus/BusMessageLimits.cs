using System.Text;
using AppAttach.Embedded.Bus.Store;

namespace AppAttach.Embedded.Bus;

/// <summary>The limits that every message has to keep, whichever way it comes.</summary>
internal static class BusMessageLimits
{
    /// <summary>Checks a message.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="BusException">It is too large, or one of its parts is out of range.</exception>
    public static void Check(BusMessage message)
    {
        CheckId("MessageId", message.MessageId);
        CheckId("SessionId", message.SessionId);
        CheckId("ReplyToSessionId", message.ReplyToSessionId);
        CheckId("PartitionKey", message.PartitionKey);
        if (message.ContentType is { } type && !type.All(c => c is >= ' ' and <= '~'))
        {
            throw new BusException(BusError.BadRequest, "The content type has characters other than printable ASCII.");
        }

        if (message.TimeToLive <= TimeSpan.Zero)
        {
            throw new BusException(BusError.BadRequest, "TimeToLive is zero or less; give a number of seconds above zero.");
        }

        var size = message.Body.LongLength + Encoding.UTF8.GetByteCount(StoredHeader.Write(message));
        if (size > BusMessage.LargestBytes)
        {
            throw new BusException(
                BusError.TooLarge, $"The message is {size} bytes long with its properties; at most {BusMessage.LargestBytes} are allowed.");
        }
    }

    private static void CheckId(string name, string? value)
    {
        if (value is { Length: 0 or > BusMessage.LongestId })
        {
            throw new BusException(
                BusError.BadRequest, $"{name} is {value.Length} characters long; 1 to {BusMessage.LongestId} are allowed.");
        }
    }
}
