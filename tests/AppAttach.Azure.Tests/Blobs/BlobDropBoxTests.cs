using System.Globalization;
using System.Net;
using AppAttach.Azure.Blobs;
using AppAttach.Azure.Tests.Files;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace AppAttach.Azure.Tests.Blobs;

/// <summary>The addresses that a drop box gives, made by the real SDK with a key of a service that plays Blob storage. No account has seen one.</summary>
public sealed class BlobDropBoxTests : IDisposable
{
    private readonly KeyService _service = new();
    private readonly ManualTimeProvider _clock = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Address_AllowsToMakeOneBlobForMinutesOverTls()
    {
        var box = Box();

        var (address, expiresAt) = (await box.GrantAsync("My App.msix", CancellationToken.None))!.Value;

        var query = address.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        Assert.Equal("https://packages.blob.core.windows.net/packages/My%20App.msix", address.GetLeftPart(UriPartial.Path));
        Assert.Equal(("c", "b", "https"), (query["sp"], query["sr"], query["spr"]));
        Assert.Equal(_clock.GetUtcNow() + BlobDropBox.GrantLifetime, expiresAt);
        Assert.Equal(expiresAt, DateTimeOffset.Parse(query["se"], CultureInfo.InvariantCulture));
        Assert.Equal("00000000-0000-0000-0000-000000000001", query["skoid"]);
        Assert.NotEmpty(query["sig"]);

        // Before it, to make a blob of blocks took the right to write over one.
        Assert.True(string.CompareOrdinal(query["sv"], "2026-04-06") >= 0, query["sv"]);
    }

    [Fact]
    public async Task Key_ServesManyAddresses_AndIsAskedForAnewBeforeItEnds()
    {
        var box = Box();
        await box.GrantAsync("1.msix", CancellationToken.None);
        await box.GrantAsync("2.msix", CancellationToken.None);
        Assert.Equal(1, _service.KeysGiven);

        _clock.Advance(TimeSpan.FromHours(3.6));
        await box.GrantAsync("3.msix", CancellationToken.None);

        Assert.Equal(2, _service.KeysGiven);
    }

    [Fact]
    public async Task NameThatIsTaken_GetsNoAddress()
    {
        var box = Box();

        Assert.Null(await box.GrantAsync("taken.msix", CancellationToken.None));
    }

    private BlobDropBox Box() => new(
        new BlobServiceClient(
            new Uri("https://packages.blob.core.windows.net"), new FixedCredential(), new BlobClientOptions { Transport = new HttpClientTransport(_service) }),
        "packages",
        _clock);

    /// <summary>Gives user delegation keys (Get User Delegation Key), and says which blobs there are.</summary>
    private sealed class KeyService : HttpMessageHandler
    {
        public int KeysGiven { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Head)
            {
                var isTaken = request.RequestUri!.AbsolutePath.EndsWith("/taken.msix", StringComparison.Ordinal);
                var answer = new HttpResponseMessage(isTaken ? HttpStatusCode.OK : HttpStatusCode.NotFound) { RequestMessage = request };
                answer.Headers.Add("x-ms-error-code", isTaken ? [] : ["BlobNotFound"]);
                return answer;
            }

            Assert.Equal("?restype=service&comp=userdelegationkey", request.RequestUri!.Query);
            KeysGiven++;
            var asked = System.Xml.Linq.XDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)).Root!;
            var key = $"""
                <?xml version="1.0" encoding="utf-8"?><UserDelegationKey><SignedOid>00000000-0000-0000-0000-000000000001</SignedOid>
                <SignedTid>00000000-0000-0000-0000-000000000002</SignedTid><SignedStart>{asked.Element("Start")!.Value}</SignedStart>
                <SignedExpiry>{asked.Element("Expiry")!.Value}</SignedExpiry><SignedService>b</SignedService><SignedVersion>2026-04-06</SignedVersion>
                <Value>{Convert.ToBase64String(new byte[32])}</Value></UserDelegationKey>
                """;
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(key, System.Text.Encoding.UTF8, "application/xml"), RequestMessage = request };
        }
    }
}
