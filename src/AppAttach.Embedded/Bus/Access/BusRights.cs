namespace AppAttach.Embedded.Bus.Access;

/// <summary>What a key allows, in the words of Azure Service Bus.</summary>
[Flags]
internal enum BusRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Sending to an entity.</summary>
    Send = 1,

    /// <summary>Receiving from an entity, and settling what was received.</summary>
    Listen = 2,

    /// <summary>Everything.</summary>
    Manage = 4 | Send | Listen,
}
