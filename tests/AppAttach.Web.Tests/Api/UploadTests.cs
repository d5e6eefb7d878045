using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AppAttach.Contracts;

namespace AppAttach.Web.Tests.Api;

/// <summary>Packages that are dropped through the API.</summary>
public sealed class UploadTests : IAsyncLifetime
{
    private const int Largest = 100_000;

    private FleetHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await FleetHost.StartAsync(largestPackageBytes: Largest);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Package_LiesInTheInboxWholeAndIsNotReplaced()
    {
        var content = new byte[Largest];
        new Random(1).NextBytes(content);

        Assert.Equal(HttpStatusCode.Created, (await PutAsync("a package.msix", content)).Status);
        Assert.Equal((HttpStatusCode.Conflict, ErrorCodes.StateConflict), await PutAsync("a package.msix", [1]));
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(_host.Inbox, "a package.msix")));
        Assert.DoesNotContain(Directory.EnumerateFiles(_host.Inbox), path => path.EndsWith(".part", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("notes.txt", ErrorCodes.NotAPackage)]
    [InlineData("..%2Fout.msix", ErrorCodes.UnsafeName)]
    [InlineData("..%5Cout.msix", ErrorCodes.UnsafeName)]
    [InlineData(".msix", ErrorCodes.UnsafeName)]
    [InlineData("a%01.msix", ErrorCodes.UnsafeName)]
    [InlineData("a%3A.msix", ErrorCodes.UnsafeName)]
    public async Task NameThatIsNone_IsRefusedAndNothingIsWritten(string name, string code)
    {
        var answer = await PutAsync(name, [1, 2, 3]);

        Assert.Equal((HttpStatusCode.BadRequest, code), answer);
        Assert.Empty(Directory.EnumerateFiles(_host.Inbox));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PackageOverTheLimit_IsRefusedAndNothingIsLeft(bool saysItsLength)
    {
        var answer = await PutAsync("big.msix", new byte[Largest + 1], saysItsLength);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, ErrorCodes.LimitExceeded), answer);
        Assert.Empty(Directory.EnumerateFiles(_host.Inbox));
    }

    private async Task<(HttpStatusCode Status, string? Code)> PutAsync(string name, byte[] content, bool saysItsLength = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_host.Address, "api/v1/inbox/" + name)) { Content = new ByteArrayContent(content) };
        request.Headers.TransferEncodingChunked = !saysItsLength;
        using var answer = await _host.Client.SendAsync(request);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? null : (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]);
    }
}
