using Microsoft.Playwright;

namespace AppAttach.Web.Tests.Page;

/// <summary>The distribution's Chromium, without a window; one process for all tests of the page.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--host-resolver-rules=MAP appattach.test 127.0.0.1"],
        });
    }

    /// <summary>Opens a page in a context of its own.</summary>
    public async Task<IPage> OpenAsync(Uri address, int width = 1440, int height = 900, ColorScheme colours = ColorScheme.Light, string zone = "UTC")
    {
        if (_browser is null)
        {
            Judge.Missing("chromium is not installed; ./tests/run installs it where it can.");
        }

        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = colours, TimezoneId = zone, Locale = "en-US",
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync(address.AbsoluteUri);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private static string? Find() => Judge.Find("chromium") ?? Judge.Find("chromium-browser") ?? Judge.Find("google-chrome");
}
