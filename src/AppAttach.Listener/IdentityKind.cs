namespace AppAttach.Listener;

/// <summary>What proves to the bus who the listener is.</summary>
public enum IdentityKind
{
    /// <summary>A key of the bus.</summary>
    Key,

    /// <summary>The managed identity of an Azure virtual machine.</summary>
    Managed,

    /// <summary>The managed identity of a machine outside Azure, by the Azure Arc agent.</summary>
    Arc,
}
