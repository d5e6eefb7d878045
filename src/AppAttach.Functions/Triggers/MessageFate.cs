namespace AppAttach.Functions.Triggers;

/// <summary>What became of a message.</summary>
public enum MessageFate
{
    /// <summary>It had its effect.</summary>
    Completed,

    /// <summary>A copy of it comes again later.</summary>
    PutBack,

    /// <summary>It is in the dead-letter queue, with the reason.</summary>
    DeadLettered,
}
