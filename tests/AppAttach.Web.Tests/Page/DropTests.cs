using System.Diagnostics;
using System.Text;
using AppAttach.TestKit.Packages;
using Microsoft.Playwright;

namespace AppAttach.Web.Tests.Page;

/// <summary>The main job by the page: a package is dropped on it and arrives registered, on the demo's four hosts.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class DropTests(Chromium chromium) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PackageThatIsDroppedOnThePage_ArrivesRegistered()
    {
        var package = _folder.PathOf("Contoso.Dropped.msix");
        await File.WriteAllBytesAsync(package, new PackageBuilder { Name = "Contoso.Dropped" }.With("App.exe", PackageBuilder.Content(300_000)).Build());
        using var demo = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "appattach"))
        {
            ArgumentList = { "demo", "--stay", "--data", _folder.PathOf("data") }, RedirectStandardOutput = true, RedirectStandardInput = true,
        })!;
        try
        {
            var output = new StringBuilder();
            while (!output.ToString().Contains("Up until you stop it", StringComparison.Ordinal))
            {
                output.AppendLine(await demo.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The demo ended: {output}"));
            }

            var address = output.ToString().Split().First(word => word.StartsWith("http://", StringComparison.Ordinal)).TrimEnd('.', ',', '/');
            var page = await chromium.OpenAsync(new Uri(address + "/"));
            await page.GetByRole(AriaRole.Button, new() { Name = "Drop a package" }).WaitForAsync();
            await DropAsync(page, package);
            await page.GetByText("Contoso.Dropped.msix is in the inbox.").WaitForAsync();

            var row = page.GetByRole(AriaRole.Region, new() { Name = "Packages" }).GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Contoso.Dropped_" });
            await row.GetByText("released", new() { Exact = true }).WaitForAsync();
            await row.GetByRole(AriaRole.Link).ClickAsync();
            var places = page.GetByRole(AriaRole.Region, new() { Name = "Where it is" });
            await places.GetByText("registered on 2 of 2, staged on 2").Nth(1).WaitForAsync();
            Assert.Contains("Copied to south", await page.GetByRole(AriaRole.Region, new() { Name = "Timeline" }).InnerTextAsync(), StringComparison.Ordinal);
            await page.Context.DisposeAsync();
        }
        finally
        {
            await EndAsync(demo);
        }
    }

    /// <summary>Drops a file as a hand does: the browser gets the events with the file in them.</summary>
    private static async Task DropAsync(IPage page, string path)
    {
        var content = Convert.ToBase64String(await File.ReadAllBytesAsync(path));
        await page.EvaluateAsync(
            """
            ([name, content]) => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([Uint8Array.from(atob(content), c => c.charCodeAt(0))], name));
                for (const kind of ['dragenter', 'dragover', 'drop'])
                    document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer }));
            }
            """,
            new[] { Path.GetFileName(path), content });
    }

    /// <summary>Ends the demo as Ctrl+C does, so that it takes its listeners and mounts with it.</summary>
    private static async Task EndAsync(Process demo)
    {
        if (!demo.HasExited)
        {
            await Judge.PassAsync("kill", "-INT", $"{demo.Id}");
            await demo.WaitForExitAsync();
        }
    }
}
