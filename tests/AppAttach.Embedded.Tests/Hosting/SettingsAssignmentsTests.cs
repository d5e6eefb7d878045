using AppAttach.Contracts;
using AppAttach.Embedded.Hosting;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Requests;
using Microsoft.Extensions.DependencyInjection;

namespace AppAttach.Embedded.Tests.Hosting;

/// <summary>What the settings assign and what others ask for, over several starts of one host.</summary>
public sealed class SettingsAssignmentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatSomebodyAskedFor_OutlivesAStart_UntilTheSettingsChange()
    {
        var settings = EmbeddedSettings.Default;
        Assert.Equal(["*@default by appattach.json"], await StartAsync(settings));

        Assert.Empty(await StartAsync(settings, Unassign("1")));
        Assert.Empty(await StartAsync(settings));

        var changed = settings with { Assignments = [settings.Assignments[0] with { Mode = RegisterMode.Now }] };
        Assert.Equal(["*@default by appattach.json"], await StartAsync(changed));
        Assert.Empty(await StartAsync(changed, Unassign("2")));
        Assert.Equal(["*@default by appattach.json"], await StartAsync(settings));
        Assert.Equal(["*@default by appattach.json"], await StartAsync(settings));
    }

    [Fact]
    public async Task WhatIsGoneFromTheSettings_IsTakenBackOnce()
    {
        Assert.Single(await StartAsync(EmbeddedSettings.Default));
        var none = EmbeddedSettings.Default with { Assignments = [] };
        Assert.Empty(await StartAsync(none));

        var again = new PipelineRequest { Id = "1", Verb = RequestVerb.Assign, RequestedBy = "/test", Family = "*", Pool = "default", Terms = new AssignmentTerms() };
        Assert.Equal(["*@default by /test"], await StartAsync(none, again));
        Assert.Equal(["*@default by /test"], await StartAsync(none));
    }

    [Fact]
    public async Task PoolThatIsGoneToo_TakesItsAssignmentsAlong()
    {
        Assert.Single(await StartAsync(EmbeddedSettings.Default));
        var moved = EmbeddedSettings.Default with { Pools = [new("other", "local")], Assignments = [new AssignmentRecord("*", "other", [])] };

        Assert.Equal(["*@other by appattach.json"], await StartAsync(moved));
    }

    private static PipelineRequest Unassign(string id) => new() { Id = id, Verb = RequestVerb.Unassign, RequestedBy = "/test", Family = "*", Pool = "default" };

    /// <summary>Starts a host, asks it for something, and says what is assigned, by whom.</summary>
    private async Task<IReadOnlyList<string>> StartAsync(EmbeddedSettings settings, PipelineRequest? request = null)
    {
        using var data = new DataFolder(_folder.PathOf("data"));
        await using var host = await EmbeddedHost.CreateAsync(data, settings, "http://127.0.0.1:0", _ => { });
        await host.StartAsync();
        if (request is not null)
        {
            Assert.True((await host.Services.GetRequiredService<RequestHandler>().HandleAsync(request, CancellationToken.None)).IsAccepted);
        }

        var lines = new List<string>();
        await foreach (var entry in host.Services.GetRequiredService<ICatalog>().ListAsync<AssignmentRecord>(DocumentKinds.Assignments, CancellationToken.None))
        {
            var assignment = entry.Document;
            lines.Add($"{AssignmentRecord.KeyOf(assignment.Family, assignment.Pool)} by {assignment.RequestedBy?.Split(" of ")[^1]}");
        }

        await host.StopAsync();
        return lines;
    }
}
