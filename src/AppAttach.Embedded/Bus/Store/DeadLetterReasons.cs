using System.Globalization;

namespace AppAttach.Embedded.Bus.Store;

/// <summary>Why the bus itself gives up on a message, in the words of Azure Service Bus.</summary>
internal static class DeadLetterReasons
{
    /// <summary>Custom property that holds the reason.</summary>
    public const string ReasonProperty = "DeadLetterReason";

    /// <summary>Custom property that holds the sentence.</summary>
    public const string DescriptionProperty = "DeadLetterErrorDescription";

    /// <summary>The message was delivered as often as its entity allows and never completed.</summary>
    public const string MaxDeliveryCountExceeded = "MaxDeliveryCountExceeded";

    /// <summary>The message was not received within its life.</summary>
    public const string TimeToLiveExpired = "TTLExpiredException";

    /// <summary>Sentence of <see cref="TimeToLiveExpired"/>.</summary>
    public const string Expired = "The message was not received before its time to live ended.";

    /// <summary>Sentence of <see cref="MaxDeliveryCountExceeded"/>.</summary>
    /// <param name="count">How often it was delivered.</param>
    /// <returns>The sentence.</returns>
    public static string DeliveredTooOften(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"The message was delivered {count} times and never completed.");
}
