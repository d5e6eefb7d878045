using Azure.Core;

namespace AppAttach.Azure.Files;

/// <summary>Retry and transport of the calls to Azure Files; the defaults of Azure.Core unless set.</summary>
public sealed class FileShareClientOptions : ClientOptions;
