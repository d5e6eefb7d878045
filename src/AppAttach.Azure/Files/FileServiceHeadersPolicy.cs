using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AppAttach.Azure.Files;

/// <summary>
/// Headers that every request to Azure Files carries: version, date, and the intent without which a token is refused
/// (learn.microsoft.com/rest/api/storageservices, "Authorize with Microsoft Entra ID", 2022-11-02 and later).
/// </summary>
internal sealed class FileServiceHeadersPolicy : HttpPipelineSynchronousPolicy
{
    /// <summary>Version of the REST API.</summary>
    public const string Version = "2024-11-04";

    /// <inheritdoc/>
    public override void OnSendingRequest(HttpMessage message)
    {
        var headers = message.Request.Headers;
        headers.SetValue("x-ms-version", Version);
        headers.SetValue("x-ms-date", DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture));
        headers.SetValue("x-ms-file-request-intent", "backup");
    }
}
