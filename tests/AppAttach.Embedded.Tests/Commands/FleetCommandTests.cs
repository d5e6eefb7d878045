using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Embedded.Tests.EndToEnd;

namespace AppAttach.Embedded.Tests.Commands;

/// <summary>Commands that speak to a running host: what they say where a name, a key or what they look for is not there, and the step to take next.</summary>
[Collection(ProcessCollection.Name)]
public sealed class FleetCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private AppAttachProcess _host = null!;
    private string _url = "";

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(
            _folder.PathOf("appattach.json"), """{ "regions": ["west"], "pools": [ { "name": "finance", "region": "west" } ], "assignments": [] }""");
        _host = AppAttachProcess.Start("run", "--data", _folder.Path, "--urls", "http://127.0.0.1:0");
        await Eventually.IsTrueAsync(() => _host.HasEnded || _host.Output.Contains("Serving", StringComparison.Ordinal), "the host serves");
        _url = _host.Output[_host.Output.LastIndexOf("http://", StringComparison.Ordinal)..].Trim().TrimEnd('.');
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(ErrorCodes.NotFound, "there are finance", "rollout", "Contoso.Sample_1.0.0.0_x64__j8tmt7aeqvrx2", "nowhere")]
    [InlineData(ErrorCodes.NotFound, "no release Contoso.Sample_1.0.0.0_x64__j8tmt7aeqvrx2", "retire", "Contoso.Sample_1.0.0.0_x64__j8tmt7aeqvrx2")]
    [InlineData(ErrorCodes.NotFound, "none is under way", "pause", "Contoso.Sample_j8tmt7aeqvrx2", "finance")]
    [InlineData(ErrorCodes.NotFound, "none is under way", "resume", "Contoso.Sample_j8tmt7aeqvrx2", "finance")]
    [InlineData(ErrorCodes.NotFound, "there are finance", "assign", "*", "nowhere")]
    [InlineData(ErrorCodes.NotFound, "no queue or subscription", "dead-letters", "--replay", "nowhere", "--number", "1")]
    [InlineData(ErrorCodes.StateConflict, "no earlier release", "rollback", "Contoso.Sample_j8tmt7aeqvrx2", "finance")]
    public async Task WhatIsNotThere_IsSaidWithTheCommandToTryNext(string code, string reason, params string[] arguments)
    {
        var said = await Refusal.OfAsync(ExitCode.Failed, [.. arguments, "--server", _url]);

        Assert.StartsWith(code + ": ", said, StringComparison.Ordinal);
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.EndsWith($"appattach status --server {_url}/", said.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyThatGivesNoRights_IsSaidWithWhereKeysAre()
    {
        var reader = (await File.ReadAllTextAsync(_folder.PathOf("keys", "api", "reader.key"))).Trim();
        foreach (var (key, code) in ((string, string)[])[("wrong", ErrorCodes.SignInRequired), (reader, ErrorCodes.AccessDenied)])
        {
            var (exitCode, said) = await Judge.RunAsync("env", $"APPATTACH_KEY={key}", AppAttachProcess.Executable, "retire", "Contoso.Sample_1.0.0.0_x64__j8tmt7aeqvrx2", "--server", _url);

            Assert.Equal((int)ExitCode.Failed, exitCode);
            Assert.StartsWith(code + ": ", said, StringComparison.Ordinal);
            Assert.Contains("APPATTACH_KEY", said, StringComparison.Ordinal);
            Assert.Contains("keys/api", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task NothingToPutBack_IsNoSuccess()
    {
        var said = await Refusal.OfAsync(ExitCode.Failed, "dead-letters", "--replay", "requests", "--server", _url);

        Assert.Contains("nothing was put back", said, StringComparison.Ordinal);
        Assert.Contains("appattach dead-letters", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhyOfNamesThatAreNotKnown_SaysWhatThereIs()
    {
        var (exitCode, output, _) = await AppAttachProcess.RunAsync("why", "Contoso", "host-1", "--server", _url);

        Assert.Equal(0, exitCode);
        Assert.Contains("In the way: dropped", output, StringComparison.Ordinal);
        Assert.Contains("appattach status", output, StringComparison.Ordinal);
        Assert.Contains("appattach hosts", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("hosts", "--condition", "failing", "--pool", "finance", "--search", "a b&c")]
    [InlineData("dead-letters")]
    [InlineData("why", "Contoso.Sample_1.0.0.0_x64__j8tmt7aeqvrx2", "host-1")]
    [InlineData("assign", "Contoso.Sample_j8tmt7aeqvrx2", "finance")]
    [InlineData("unassign", "Contoso.Sample_j8tmt7aeqvrx2", "finance")]
    public async Task EveryCommand_WritesOneDocumentForProgramsAndTextForPeople(params string[] arguments)
    {
        var (exitCode, output, error) = await AppAttachProcess.RunAsync([.. arguments, "--json", "--server", _url]);
        Assert.Equal((0, ""), (exitCode, error));
        using var document = JsonDocument.Parse(output);

        (exitCode, output, error) = await AppAttachProcess.RunAsync([.. arguments, "--server", _url]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.NotEqual('{', output.TrimStart()[0]);
    }

    [Fact]
    public async Task Watch_GoesOnWhenTheHostComesBack()
    {
        await using var watch = AppAttachProcess.Start("status", "--watch", "--server", _url);
        await Eventually.IsTrueAsync(() => watch.HasEnded || watch.Output.Contains("finance", StringComparison.Ordinal), "the table is there");
        await _host.TerminateAsync();
        await _host.EndAsync();
        await Eventually.IsTrueAsync(() => watch.HasEnded || watch.Output.Contains("does not answer", StringComparison.Ordinal), "the break is said");

        await using var again = AppAttachProcess.Start("run", "--data", _folder.Path, "--urls", _url);
        await Eventually.IsTrueAsync(() => again.HasEnded || again.Output.Contains("Serving", StringComparison.Ordinal), "the host serves again");
        var before = watch.Output.Length;
        await Eventually.IsTrueAsync(
            () => watch.HasEnded || (watch.Output.Length > before && !watch.Output[(watch.Output.LastIndexOf("Pool", StringComparison.Ordinal))..].Contains("does not answer", StringComparison.Ordinal)),
            "the table is shown without the break");

        Assert.False(watch.HasEnded, watch.Error);
        await again.TerminateAsync();
        await again.EndAsync();
    }
}
