namespace AppAttach.Embedded.Bus;

/// <summary>Why the bus refuses; the numbers are the HTTP statuses of the runtime REST API.</summary>
internal enum BusError
{
    /// <summary>The request is malformed or asks for what the entity cannot do.</summary>
    BadRequest = 400,

    /// <summary>The message is larger than allowed.</summary>
    TooLarge = 403,

    /// <summary>No message is locked with this token, or the lock has ended.</summary>
    LockLost = 404,

    /// <summary>There is no such entity.</summary>
    EntityUnknown = 410,
}
