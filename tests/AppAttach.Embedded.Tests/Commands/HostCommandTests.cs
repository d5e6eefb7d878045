using System.Net;
using AppAttach.Contracts;
using AppAttach.Embedded.Tests.EndToEnd;
using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.Commands;

/// <summary><c>run</c>, <c>status</c> and <c>demo</c> where something is wrong from the start.</summary>
[Collection(ProcessCollection.Name)]
public sealed class HostCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_StopsOnTerminationAndRefusesASecondProcess()
    {
        await using var first = AppAttachProcess.Start("run", "--data", _folder.Path, "--urls", "http://127.0.0.1:0");
        await Eventually.IsTrueAsync(() => first.HasEnded || first.Output.Contains("Serving", StringComparison.Ordinal), "the host serves");
        Assert.Contains(
            "in use by another appattach process",
            await Refusal.OfAsync(ExitCode.Failed, "run", "--data", _folder.Path, "--urls", "http://127.0.0.1:0"),
            StringComparison.Ordinal);

        var url = first.Output[first.Output.LastIndexOf("http://", StringComparison.Ordinal)..].Trim().TrimEnd('.');
        await using var second = AppAttachProcess.Start("run", "--data", _folder.PathOf("second"), "--urls", url);
        Assert.Equal((int)ExitCode.Failed, await second.EndAsync());
        Assert.Contains("address already in use", Assert.Single(second.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);

        Assert.Equal(0, (await AppAttachProcess.RunAsync("status", "--server", url)).ExitCode);
        await first.TerminateAsync();
        Assert.Equal(0, await first.EndAsync());
        Assert.Empty(first.Error);
        await Refusal.OfAsync(ExitCode.Failed, "status", "--server", url);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("ftp://127.0.0.1:5080")]
    [InlineData("http://127.0.0.1:5080.")]
    [InlineData("http://example.test:5080")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:5080/base")]
    public async Task Run_AddressThatIsNone_IsAWrongCommandLine(string url)
    {
        await Refusal.OfAsync(ExitCode.Usage, "run", "--data", _folder.PathOf("data"), "--urls", url);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Run_OnWhatIsNoDataFolder_FailsInOneLine()
    {
        await File.WriteAllTextAsync(_folder.PathOf("file"), "");
        await Refusal.OfAsync(ExitCode.Failed, "run", "--data", _folder.PathOf("file"), "--urls", "http://127.0.0.1:0");
        Directory.CreateDirectory(_folder.PathOf("settings"));
        await File.WriteAllTextAsync(_folder.PathOf("settings", "appattach.json"), """{ "regions": null, "pools": [], "assignments": [] }""");
        await Refusal.OfAsync(ExitCode.Failed, "run", "--data", _folder.PathOf("settings"), "--urls", "http://127.0.0.1:0");
        Directory.CreateDirectory(_folder.PathOf("broken", "state"));
        await File.WriteAllTextAsync(_folder.PathOf("broken", "state", "catalog.db"), new string('x', 5000));
        await Refusal.OfAsync(ExitCode.Failed, "run", "--data", _folder.PathOf("broken"), "--urls", "http://127.0.0.1:0");
        await Refusal.OfAsync(ExitCode.Usage, "run");
    }

    [Fact]
    public async Task Status_OfWhatIsNoHost_FailsInOneLine()
    {
        await Refusal.OfAsync(ExitCode.Usage, "status", "--server", "garbage");
        await Refusal.OfAsync(ExitCode.Usage, "status", "--server", "ftp://127.0.0.1");
        var url = $"http://127.0.0.1:{TestFleet.FreePort()}/";
        var answering = AnswerAsync(url, "<html>Not what you look for</html>", "null", "{}", "[]");
        for (var answer = 0; answer < 4; answer++)
        {
            await Refusal.OfAsync(ExitCode.Failed, "status", "--server", url);
        }

        await answering;
    }

    [Fact]
    public async Task Demo_WithWhatTheInboxWouldNotTake_IsAWrongCommandLine()
    {
        var package = _folder.PathOf("package.zip");
        File.Copy(PackageCorpus.PathOf("synthetic/valid-signed.msix"), package);
        Assert.Contains("package.zip", await Refusal.OfAsync(ExitCode.Usage, "demo", package, "--data", _folder.PathOf("data")), StringComparison.Ordinal);
        var valid = PackageCorpus.PathOf("synthetic/valid-signed.msix");
        Assert.Contains("valid-signed.msix", await Refusal.OfAsync(ExitCode.Usage, "demo", valid, valid, "--data", _folder.PathOf("data")), StringComparison.Ordinal);
        await Refusal.OfAsync(ExitCode.Usage, "demo", _folder.PathOf("nothing.msix"));
        await Refusal.OfAsync(ExitCode.Failed, "demo", valid, "--data", _folder.Path);
        Assert.Equal([package], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private static async Task AnswerAsync(string url, params string[] answers)
    {
        using var server = new HttpListener();
        server.Prefixes.Add(url);
        server.Start();
        foreach (var answer in answers)
        {
            var context = await server.GetContextAsync();
            context.Response.ContentType = "application/json";
            await using var writer = new StreamWriter(context.Response.OutputStream);
            await writer.WriteAsync(answer);
        }
    }
}
