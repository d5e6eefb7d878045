using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace AppAttach.Web.Tests.Page;

/// <summary>The page where the API says that packages go to blob storage, by blocks. The storage is played here, as its documentation says it answers.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class DirectUploadTests(Chromium chromium) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _calls = new();
    private FleetHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await FleetHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Package_GoesBlockByBlock_AndIsThereWithTheList()
    {
        var attempts = 0;
        var page = await OpenAsync(call => call.Contains("blockid", StringComparison.Ordinal) && Interlocked.Increment(ref attempts) == 2 ? 503 : 201);

        await DropAsync(page, 2500);
        await page.GetByText("App.msix is in the inbox.").WaitForAsync();

        // The second block is sent again after the service was busy.
        Assert.Equal(
            [
                "sig=1&comp=block&blockid=MDAwMDAw 1000", "sig=1&comp=block&blockid=MDAwMDAx 1000", "sig=1&comp=block&blockid=MDAwMDAx 1000",
                "sig=1&comp=block&blockid=MDAwMDAy 500",
                "sig=1&comp=blocklist <?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList><Latest>MDAwMDAw</Latest><Latest>MDAwMDAx</Latest><Latest>MDAwMDAy</Latest></BlockList> *",
            ],
            _calls);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task NameThatWasTakenMeanwhile_IsSaid()
    {
        var page = await OpenAsync(call => call.Contains("blocklist", StringComparison.Ordinal) ? 409 : 201);

        await DropAsync(page, 10);

        await page.GetByText("App.msix was not taken: The inbox has a file of that name already.").WaitForAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task AddressThatIsRefused_IsNotTriedAgain()
    {
        var page = await OpenAsync(_ => 403);

        await DropAsync(page, 10);

        await page.GetByText("App.msix was not taken: The host answered 403.").WaitForAsync();
        Assert.Single(_calls);
        await page.Context.DisposeAsync();
    }

    /// <summary>Opens the page; the API names a place, and calls to that place are answered with a status.</summary>
    private async Task<IPage> OpenAsync(Func<string, int> answer)
    {
        var page = await chromium.OpenAsync(_host.Address);
        await page.RouteAsync("**/api/v1/inbox", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = $$"""{"url":"{{new Uri(_host.Address, "blobs/App.msix?sig=1")}}","blockBytes":1000}""",
        }));
        await page.RouteAsync("**/blobs/**", async route =>
        {
            var request = route.Request;
            var call = new Uri(request.Url).Query.TrimStart('?');
            _calls.Enqueue(call.Contains("blocklist", StringComparison.Ordinal)
                ? $"{call} {request.PostData} {await request.HeaderValueAsync("if-none-match")}"
                : $"{call} {request.PostDataBuffer?.Length}");
            await route.FulfillAsync(new() { Status = answer(call) });
        });
        await page.GetByRole(AriaRole.Button, new() { Name = "Drop a package" }).WaitForAsync();
        return page;
    }

    private static Task DropAsync(IPage page, int sizeBytes) => page.Locator("#drop-file").SetInputFilesAsync(
        new FilePayload { Name = "App.msix", MimeType = "application/octet-stream", Buffer = new byte[sizeBytes] });
}
