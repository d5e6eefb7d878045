namespace AppAttach.Azure;

/// <summary>What tokens for Azure Storage are asked for.</summary>
internal static class StorageScope
{
    /// <summary>The scope of every storage account and service.</summary>
    public const string Default = "https://storage.azure.com/.default";
}
