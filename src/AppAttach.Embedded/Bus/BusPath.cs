namespace AppAttach.Embedded.Bus;

/// <summary>Paths of entities, built in one place. Names are one segment each; Azure Service Bus allows slashes in them, this bus does not.</summary>
internal static class BusPath
{
    /// <summary>Last segment of a dead-letter queue's path.</summary>
    public const string DeadLetterSegment = "$DeadLetterQueue";

    /// <summary>The longest name of a queue or topic.</summary>
    public const int LongestEntityName = 260;

    /// <summary>The longest name of a subscription.</summary>
    public const int LongestSubscriptionName = 50;

    private const string SubscriptionsSegment = "/subscriptions/";

    /// <summary>Path of a subscription.</summary>
    /// <param name="topic">Name of its topic.</param>
    /// <param name="subscription">Its name.</param>
    /// <returns>The path.</returns>
    public static string OfSubscription(string topic, string subscription) => topic + SubscriptionsSegment + subscription;

    /// <summary>Path of the dead-letter queue of a queue or subscription.</summary>
    /// <param name="owner">Path of the owner.</param>
    /// <returns>The path.</returns>
    public static string OfDeadLetters(string owner) => owner + "/" + DeadLetterSegment;

    /// <summary>Checks a name: ASCII letters, digits, period, hyphen and underscore, as Azure Service Bus has it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="longest">The longest it may be, in characters.</param>
    /// <exception cref="ArgumentException">The name is empty, too long, or has another character.</exception>
    public static void CheckName(string name, int longest)
    {
        if (name.Length == 0 || name.Length > longest || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw new ArgumentException(
                $"The name \"{name}\" has {name.Length} characters; 1 to {longest} letters, digits, periods, hyphens and underscores are allowed.",
                nameof(name));
        }
    }
}
