using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Web.Tests.Api;

/// <summary>What the API answers: documents, pages, filters, ETags, problems, changes and its own description.</summary>
public sealed class FleetApiTests : IAsyncLifetime
{
    private FleetHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await FleetHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task List_GoesPageAfterPageAndKeepsWhatFits()
    {
        foreach (var number in Enumerable.Range(0, 7))
        {
            await _host.WriteHostAsync(FleetHost.Host($"host-{number}", number % 2 == 0 ? null : "Mend it."));
        }

        var first = await GetAsync("hosts?condition=settled&limit=3");
        var second = await GetAsync($"hosts?condition=settled&limit=3&after={first["after"]}");

        Assert.Equal(4, (int?)first["total"]);
        Assert.Equal(["host-0", "host-2", "host-4"], Names(first));
        Assert.Equal(["host-6"], Names(second));
        Assert.Null(second["after"]);
    }

    [Fact]
    public async Task RingUnderWay_IsCountedAsOfNow()
    {
        var rollout = new RolloutRecord
        {
            Id = "rollout-1", Package = FleetHost.Package(), Pool = FleetHost.Pool, State = RolloutState.Running, Hosts = [],
            Rings = [new RolloutRing(new RingDefinition { Name = "early", Percent = 100, Gate = new GateDefinition() }, RingPhase.Staging) { Batches = 1 }],
            StartedAt = FleetHost.Then, UpdatedAt = FleetHost.Then,
        };
        await _host.WriteAsync(DocumentKinds.Rollouts, rollout.Id, rollout);
        await _host.WriteAsync(DocumentKinds.RolloutHosts, RolloutBatch.KeyOf(rollout.Id, 0, 0), new RolloutBatch(rollout.Id, 0, 0,
        [
            new RolloutHost("host-1", HostProgress.Staged), new RolloutHost("host-2", HostProgress.Staging),
            new RolloutHost("host-3", HostProgress.Failed, ErrorCodes.MountFailed, "It could not."),
        ]));

        var ring = (await GetAsync("overview"))["rollouts"]![0]!["rings"]![0]!;

        Assert.Equal((3, 1, 1), ((int?)ring["hosts"], (int?)ring["succeeded"], (int?)ring["failed"]));
        Assert.Equal(ring.ToJsonString(), (await GetAsync("rollouts"))["items"]![0]!["rings"]![0]!.ToJsonString());

        await _host.WriteAsync(DocumentKinds.RolloutHosts, RolloutBatch.KeyOf(rollout.Id, 0, 0), new RolloutBatch(rollout.Id, 0, 0, [new RolloutHost("host-1", HostProgress.Staged)]));

        Assert.Equal((1, 1), ((int?)(await GetAsync("rollouts"))["items"]![0]!["rings"]![0]!["hosts"], (int?)(await GetAsync("overview"))["rollouts"]![0]!["rings"]![0]!["hosts"]));
    }

    [Fact]
    public async Task RolloutToAPool_WaitsForItsHosts_ButNotForThoseThatHaveTheAppFromAnother()
    {
        var one = FleetHost.Host("one");
        await _host.WriteHostAsync(one);
        await _host.WriteHostAsync(one with { Hello = one.Hello with { Host = "supplied", Pool = "second", AlsoIn = [FleetHost.Pool] } });
        await _host.WriteHostAsync(one with { Hello = one.Hello with { Host = "waiting", Pool = "third", AlsoIn = [FleetHost.Pool] } });
        var image = new ImageReference("share/image.vhdx", new string('0', 64), 1, "vhdx", "apps");
        await _host.WriteAsync(
            DocumentKinds.Plans, PoolPlan.KeyOf("second"), new PoolPlan("second").With(new AppPlan(FleetHost.Family) { Current = new PlannedRelease(FleetHost.Package(), image) }));
        await _host.WriteAsync(DocumentKinds.Rollouts, "rollout-1", new RolloutRecord
        {
            Id = "rollout-1", Package = FleetHost.Package(), Pool = FleetHost.Pool, State = RolloutState.Running, Hosts = [],
            Rings = [new RolloutRing(new RingDefinition { Name = "all", Percent = 100, Gate = new GateDefinition() }, RingPhase.Waiting)],
            StartedAt = FleetHost.Then, UpdatedAt = FleetHost.Then,
        });

        var ring = (await GetAsync("rollouts/rollout-1/grid"))["rings"]![0]!;

        Assert.Equal(["one", "waiting"], ring["hosts"]!.AsArray().Select(cell => (string)cell!["host"]!));
    }

    [Fact]
    public async Task HostOfTwoPools_IsCountedAndFoundInBoth()
    {
        var both = FleetHost.Host("both");
        await _host.WriteHostAsync(both with { Hello = both.Hello with { AlsoIn = ["second"], Inventory = [new InventoryItem(FleetHost.Package().FullName, "image.vhdx", new string('0', 64), true, [])] } });
        await _host.WriteHostAsync(FleetHost.Host("one"));
        await _host.WriteAsync(DocumentKinds.Packages, "drop", FleetHost.Drop("drop") with { Package = FleetHost.Package(), VerifiedAt = FleetHost.Then });
        await _host.WriteAsync(DocumentKinds.Releases, FleetHost.Package().FullName, FleetHost.Release() with { ConvertedAt = FleetHost.Then.AddSeconds(1) });

        Assert.Equal(["both", "one"], Names(await GetAsync($"hosts?pool={FleetHost.Pool}")));
        Assert.Equal(["both"], Names(await GetAsync("hosts?pool=Second")));
        Assert.Equal(
            [(FleetHost.Pool, 2), ("second", 1)],
            (await GetAsync("overview"))["pools"]!.AsArray().Select(pool => ((string)pool!["name"]!, (int)pool["hosts"]!)));
        var story = await GetAsync("packages/drop/story");
        Assert.Equal((2, 1), ((int?)story["places"]![0]!["hosts"], (int?)story["places"]![0]!["staged"]));
        Assert.Equal(["Verified", "Converted"], story["timeline"]!.AsArray().Select(entry => (string)entry!["step"]!).Where(step => step is "Verified" or "Converted"));
    }

    [Fact]
    public async Task Search_KeepsWhatHasTheText()
    {
        await _host.WriteAsync(DocumentKinds.Hosts, "avd-weu-17", FleetHost.Host("avd-weu-17"));
        await _host.WriteAsync(DocumentKinds.Hosts, "avd-neu-17", FleetHost.Host("avd-neu-17", "Mend it."));
        await _host.WriteAsync(DocumentKinds.Packages, "drop", FleetHost.Drop("drop"));

        Assert.Equal(["avd-neu-17", "avd-weu-17"], Names(await GetAsync("hosts?search=17")));
        Assert.Equal(["avd-weu-17"], Names(await GetAsync("hosts?search=WEU&condition=settled")));
        Assert.Empty(Names(await GetAsync("hosts?search=%25")));
        Assert.Equal(1, (int?)(await GetAsync("packages?search=contoso.sample_1.0"))["total"]);
    }

    [Theory]
    [InlineData("hosts?limit=0", HttpStatusCode.BadRequest, ErrorCodes.MessageInvalid)]
    [InlineData("hosts?limit=1001", HttpStatusCode.BadRequest, ErrorCodes.MessageInvalid)]
    [InlineData("hosts?colour=red", HttpStatusCode.BadRequest, ErrorCodes.MessageInvalid)]
    [InlineData("hosts/none", HttpStatusCode.NotFound, ErrorCodes.NotFound)]
    [InlineData("packages/none/story", HttpStatusCode.NotFound, ErrorCodes.NotFound)]
    [InlineData("rollouts/none/grid", HttpStatusCode.NotFound, ErrorCodes.NotFound)]
    [InlineData("rollouts/none/hosts", HttpStatusCode.NotFound, ErrorCodes.NotFound)]
    [InlineData("nothing", HttpStatusCode.NotFound, ErrorCodes.NotFound)]
    public async Task WrongQuestion_IsAProblemWithAStableCode(string path, HttpStatusCode status, string code)
    {
        using var answer = await _host.Client.GetAsync(new Uri("api/v1/" + path, UriKind.Relative));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(code, (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]);
    }

    [Fact]
    public async Task DocumentThatTheCallerHas_IsNotSentAgainUntilItChanges()
    {
        await _host.WriteHostAsync(FleetHost.Host("host-1", seen: FleetHost.Then));
        using var first = await _host.Client.GetAsync(new Uri("api/v1/hosts", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(first.Headers.ETag!.Tag));
        await _host.WriteHostAsync(FleetHost.Host("host-1", "Mend it.", seen: FleetHost.Then));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first.Headers.ETag!.Tag));
    }

    [Theory]
    [InlineData("pause", """{"rolloutId":"none"}""", HttpStatusCode.NotFound, ErrorCodes.NotFound)]
    [InlineData("roll-back", $$"""{"family":"{{FleetHost.Family}}","pool":"pool"}""", HttpStatusCode.Conflict, ErrorCodes.StateConflict)]
    [InlineData("assign", """{"family":"*"}""", HttpStatusCode.BadRequest, ErrorCodes.MessageInvalid)]
    [InlineData("assign", "no json", HttpStatusCode.BadRequest, ErrorCodes.MessageInvalid)]
    [InlineData("dance", "{}", HttpStatusCode.NotFound, ErrorCodes.NotFound)]
    public async Task RequestThatIsRefused_IsAProblemWithAStableCode(string verb, string json, HttpStatusCode status, string code)
    {
        using var answer = await _host.AskAsync(verb, json);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]);
    }

    [Fact]
    public async Task RequestThatIsTaken_IsInTheAudit()
    {
        using var answer = await _host.AskAsync("assign", """{"family":"*","pool":"pool"}""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var record = Assert.Single((await GetAsync("audit?verb=assign"))["items"]!.AsArray())!;
        Assert.True((bool?)record["reply"]!["isAccepted"]);
        Assert.Equal("/api", (string?)record["request"]!["requestedBy"]);
    }

    [Fact]
    public async Task Change_IsToldAndToldAgainToWhoMissedIt()
    {
        string id;
        using (var stream = await _host.Client.GetStreamAsync(new Uri("api/v1/events", UriKind.Relative)))
        {
            await using var notices = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
            Assert.True(await notices.MoveNextAsync());
            id = notices.Current.EventId!;
            await _host.WriteHostAsync(FleetHost.Host("host-1"));
            Assert.True(await notices.MoveNextAsync());
            Assert.Contains("host-1", notices.Current.Data, StringComparison.Ordinal);
        }

        Assert.Contains("host-1", await FirstNoticeAsync(id), StringComparison.Ordinal);
        Assert.Contains("\"isReset\":true", await FirstNoticeAsync("another-run-5"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overview_PutsFirstWhatNeedsAHuman()
    {
        await _host.WriteAsync(DocumentKinds.Packages, "good", FleetHost.Drop("good"));
        await _host.WriteAsync(DocumentKinds.Packages, "bad", FleetHost.Drop("bad", PackageState.Rejected) with { Code = ErrorCodes.SignatureMissing, Message = "No signature." });
        await _host.WriteAsync(DocumentKinds.Releases, FleetHost.Package().FullName, FleetHost.Release());
        await _host.WriteHostAsync(FleetHost.Host("silent-host", seen: FleetHost.Then));
        await _host.WriteHostAsync(FleetHost.Host("old-host-1", "Update it."));
        await _host.WriteHostAsync(FleetHost.Host("old-host-2", "Update it."));

        var overview = await GetAsync("overview");

        Assert.Equal(
            [("bad.msix", "package", "bad"), ("old-host-1 and 1 more are not ready", "hosts", "unready"), ("silent-host is silent", "host", "silent-host")],
            overview["attention"]!.AsArray().Select(item => ((string)item!["title"]!, (string)item["view"]!, (string)item["key"]!)));
        Assert.Equal(1, (int?)overview["regions"]![0]!["copies"]);
        Assert.Equal(1, (int?)overview["pools"]![0]!["states"]!["silent"]);
    }

    [Fact]
    public async Task Description_IsTheOneThatIsCheckedIn()
    {
        var path = Repository.PathOf("src", "AppAttach.Api", "openapi.json");
        var served = await _host.Client.GetStringAsync(new Uri("api/v1/openapi.json", UriKind.Relative));
        if (Environment.GetEnvironmentVariable("APPATTACH_UPDATE_OPENAPI") is not null)
        {
            await File.WriteAllTextAsync(path, served.TrimEnd() + "\n");
        }

        Assert.True(
            (await File.ReadAllTextAsync(path)).TrimEnd().ReplaceLineEndings("\n") == served.TrimEnd().ReplaceLineEndings("\n"),
            $"{path} is not what the API says of itself any more: run this test with APPATTACH_UPDATE_OPENAPI=1 and look at the difference.");
    }

    [Fact]
    public async Task Description_HasEveryPathWithASummaryAndDescribesAnswers()
    {
        var document = await GetAsync("openapi.json");
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (Path: path.Key, operation.Value))).ToList();

        Assert.Equal("3.1", ((string)document["openapi"]!)[..3]);
        Assert.All(operations, operation => Assert.False(string.IsNullOrEmpty((string?)operation.Value!["summary"]), operation.Path));
        Assert.All(operations, operation => Assert.NotEmpty(operation.Value!["responses"]!.AsObject()));
        Assert.All(["/packages", "/releases", "/copies", "/assignments", "/rollouts", "/hosts", "/dead-letters", "/audit", "/overview", "/events"], path =>
            Assert.Contains(operations, operation => operation.Path == "/api/v1" + path));
        Assert.DoesNotContain(operations, operation => !operation.Path.StartsWith("/api/v1/", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Names(JsonNode page) => page["items"]!.AsArray().Select(item => (string)item!["hello"]!["host"]!);

    private async Task<JsonNode> GetAsync(string path) => (await _host.Client.GetFromJsonAsync<JsonNode>(new Uri("api/v1/" + path, UriKind.Relative)))!;

    private async Task<HttpStatusCode> StatusAsync(string etag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/hosts");
        request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        using var answer = await _host.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<string> FirstNoticeAsync(string lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/events");
        request.Headers.Add("Last-Event-ID", lastEventId);
        using var answer = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        await using var notices = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
        Assert.True(await notices.MoveNextAsync());
        return notices.Current.Data;
    }
}
