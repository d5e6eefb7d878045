using AppAttach.Azure.Files;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Files.Shares;

namespace AppAttach.Azure.Tests.Files;

/// <summary>Regions over <see cref="FakeFileService"/>.</summary>
internal static class FileShares
{
    private const string Hub = "https://hub.blob.core.windows.net/images";

    /// <summary>Where the hub has an image.</summary>
    public static string HubAddressOf(string imageName) => $"{Hub}/{Uri.EscapeDataString(imageName)}";

    /// <summary>The address of an account's share.</summary>
    public static string ShareAddressOf(string account) => $"https://{account}.file.core.windows.net/share";

    /// <summary>A region with a share in each of some accounts, whose retries do not take time.</summary>
    public static FileShareRegionalShare Make(FakeFileService service, string region, params string[] accounts)
    {
        var transport = new HttpClientTransport(service);
        var options = new ShareClientOptions { Transport = transport };
        options.Retry.MaxRetries = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
        return new FileShareRegionalShare(
            region,
            [.. accounts.Select(account => new FileShareOptions(
                new Uri(ShareAddressOf(account)), $@"\\{account}.file.core.windows.net\share"))],
            new BlobContainerClient(new Uri(Hub), new BlobClientOptions { Transport = transport }),
            new FixedCredential(),
            options);
    }
}
