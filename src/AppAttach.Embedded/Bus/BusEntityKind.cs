namespace AppAttach.Embedded.Bus;

/// <summary>What a path on the bus leads to. The numbers are stored.</summary>
internal enum BusEntityKind
{
    /// <summary>Holds messages for whoever receives first.</summary>
    Queue = 0,

    /// <summary>Gives a copy of each message to its subscriptions; holds none itself.</summary>
    Topic = 1,

    /// <summary>Holds the copies of a topic's messages that match one of its rules.</summary>
    Subscription = 2,

    /// <summary>Holds what a queue or subscription gave up; nothing in it expires.</summary>
    DeadLetterQueue = 3,
}
