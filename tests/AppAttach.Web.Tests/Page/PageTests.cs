using System.Collections.Concurrent;
using System.Globalization;
using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AppAttach.Web.Tests.Page;

/// <summary>The page over a fleet that the tests write: what it shows, what it does, and what it cannot be made to do.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class PageTests(Chromium chromium) : IAsyncLifetime
{
    private const string Rollout = "rollout-1";

    private FleetHost _host = null!;

    public static TheoryData<string, int, ColorScheme> Looks { get; } = new MatrixTheoryData<string, int, ColorScheme>(
        ["#/", "#/packages/drop-1", "#/rollouts/" + Rollout, "#/hosts/host-01", "#/hosts", "#/rollouts", "#/audit", "#/dead-letters"], [360, 1440], [ColorScheme.Light, ColorScheme.Dark]);

    public async ValueTask InitializeAsync() => _host = await FleetHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task EveryView_FitsItsWidthAndHasNoSeriousAccessibilityIssue(string view, int width, ColorScheme colours)
    {
        await WriteFleetAsync(RolloutState.Halted);
        using var asked = await _host.AskAsync("assign", """{"family":"*","pool":"pool"}""");
        var page = await chromium.OpenAsync(new Uri(_host.Address, view), width, colours: colours);
        await page.Locator("main .panel").First.WaitForAsync();

        var issues = (await page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical").ToList();
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
        await ShootAsync(page, $"{view.Trim('#', '/').Replace('/', '-')}-{width}-{colours}");

        Assert.True(issues.Count == 0, string.Join('\n', issues.Select(issue => $"{issue.Id}: {issue.Help}: {string.Join(", ", issue.Nodes.Select(node => node.Html))}")));
        Assert.True(overflow <= 0, $"The page is {overflow} pixels wider than the window.");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task HaltedRollout_StandsFirstAndShowsItsFailuresByCode()
    {
        await WriteFleetAsync(RolloutState.Halted);
        var page = await chromium.OpenAsync(_host.Address);

        await page.GetByRole(AriaRole.Region, new() { Name = "Needs you" }).GetByText("gate-broken").WaitForAsync();
        await page.GetByRole(AriaRole.Region, new() { Name = "Needs you" }).GetByRole(AriaRole.Link).First.ClickAsync();
        var failures = page.GetByRole(AriaRole.Region, new() { Name = "Failures" });
        await failures.GetByText("mount-failed").WaitForAsync();
        Assert.Contains("3 hosts", await failures.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Next:", await failures.EvaluateAsync<string>("node => getComputedStyle(node.querySelector('.next'), '::before').content"), StringComparison.Ordinal);
        Assert.Equal("failed", await page.EvaluateAsync<string>("document.querySelector('.ring').className.split(' ').at(-1)"));
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task RollBack_AsksFirstAndGoesBackByClick()
    {
        await WriteFleetAsync(RolloutState.Completed);
        var (before, now) = (Planned("0.9.0.0"), Planned("1.0.0.0"));
        await _host.WriteAsync(DocumentKinds.Plans, FleetHost.Pool, new PoolPlan(FleetHost.Pool)
        {
            Apps = [new AppPlan(FleetHost.Family) { Current = now, Earlier = [before] }],
        });
        var page = await chromium.OpenAsync(new Uri(_host.Address, "#/rollouts/" + Rollout));
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);

        Assert.Contains("The release before becomes current in pool again", await dialog.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(now.Package, await CurrentAsync());
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await Eventually.IsTrueAsync(async () => !await dialog.IsVisibleAsync() || (await page.Locator("#confirm-error").InnerTextAsync()).Length > 0, "the host answers");
        Assert.Equal("", await page.Locator("#confirm-error").TextContentAsync());
        Assert.Equal(before.Package, await CurrentAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await page.GetByText("roll back", new() { Exact = true }).WaitForAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task RunningRollout_IsPausedAndResumedByClick()
    {
        await WriteFleetAsync(RolloutState.Superseded);
        using var asked = await _host.AskAsync("assign", """
            {"family":"*","pool":"pool","rings":[{"name":"first","percent":40},{"name":"second"}],"gate":{"deadline":"00:00:06","maxFailedPercent":100,"minSucceeded":0}}
            """);
        Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync());
        var page = await chromium.OpenAsync(_host.Address);
        var rollouts = page.GetByRole(AriaRole.Region, new() { Name = "Rollouts" });
        await rollouts.GetByText("running").WaitForAsync();
        await rollouts.GetByRole(AriaRole.Listitem).GetByRole(AriaRole.Link).First.ClickAsync();
        foreach (var (verb, promise, state) in new[] { ("Pause", "no next one begins until you resume", "paused"), ("Resume", "goes on with the ring it stands at", "running") })
        {
            await page.GetByRole(AriaRole.Button, new() { Name = verb }).ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            Assert.Contains(promise, await dialog.InnerTextAsync(), StringComparison.Ordinal);
            await dialog.GetByRole(AriaRole.Button, new() { Name = verb }).ClickAsync();
            await page.GetByText(state, new() { Exact = true }).First.WaitForAsync();
        }

        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task FailingRing_HaltsByItselfAndIsShown()
    {
        await WriteFleetAsync(RolloutState.Superseded);
        var page = await chromium.OpenAsync(_host.Address);
        using var asked = await _host.AskAsync("assign", """
            {"family":"*","pool":"pool","rings":[{"name":"first","percent":40},{"name":"second"}],"gate":{"deadline":"00:00:01","countsSilent":true}}
            """);

        Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync());
        await page.GetByRole(AriaRole.Region, new() { Name = "Needs you" }).GetByText("gate-broken").WaitForAsync();
        await page.GetByRole(AriaRole.Region, new() { Name = "Rollouts" }).GetByText("halted").WaitForAsync();
        await page.GetByRole(AriaRole.Region, new() { Name = "Rollouts" }).GetByRole(AriaRole.Listitem).GetByRole(AriaRole.Link).First.ClickAsync();
        await page.GetByRole(AriaRole.Region, new() { Name = "Failures" }).GetByText("no-answer").WaitForAsync();
        Assert.Equal(["failed", "waiting"], await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.ring')].map(ring => ring.className.split(' ').at(-1))"));
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task HaltedRollout_IsStartedAgainByClick()
    {
        await WriteFleetAsync(RolloutState.Halted);
        using var assigned = await _host.AskAsync("assign", """{"family":"*","pool":"pool","autoUpdate":false}""");
        var page = await chromium.OpenAsync(new Uri(_host.Address, "#/rollouts/" + Rollout));
        await page.GetByRole(AriaRole.Button, new() { Name = "Start again" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByText("from the first ring on").WaitForAsync();
        await page.Locator("#confirm-yes").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });

        var asked = Assert.Single(
            await _host.Catalog.ListAsync<RequestRecord>(DocumentKinds.Requests, CancellationToken.None).Select(entry => entry.Document).ToListAsync(),
            record => record.Request.Verb == RequestVerb.StartRollout);
        Assert.True(asked.Reply!.IsAccepted, asked.Reply.Message);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task DeadLetter_IsShownWithItsReasonAndPutBackByClick()
    {
        using var replays = new BlockingCollection<string>();
        var letters = """{"items":[{"entity":"requests","sequenceNumber":7,"messageId":"one","reason":"message-invalid","description":"data is missing.","enqueuedAt":"2026-02-03T04:05:06Z","body":"{}"}],"total":1}""";
        var page = await chromium.OpenAsync(_host.Address);
        await page.RouteAsync("**/api/v1/dead-letters?*", route => route.FulfillAsync(new() { ContentType = "application/json", Body = letters }));
        await page.RouteAsync("**/api/v1/dead-letters/replay", route =>
        {
            replays.Add(route.Request.PostData!);
            letters = """{"items":[],"total":0}""";
            return route.FulfillAsync(new() { ContentType = "application/json", Body = """{"count":1}""" });
        });
        await page.GetByRole(AriaRole.Link, new() { Name = "Dead letters" }).ClickAsync();
        await page.GetByText("data is missing.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Put back" }).ClickAsync();
        await page.Locator("#confirm-yes").ClickAsync();
        await page.GetByText("There is nothing here.").WaitForAsync();

        Assert.Equal("""{"entity":"requests","sequenceNumbers":[7]}""", replays.Take());
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Keyboard_SkipsToTheContentAndOpensAHostOfTheGrid()
    {
        await WriteFleetAsync(RolloutState.Running);
        var page = await chromium.OpenAsync(new Uri(_host.Address, "#/rollouts/" + Rollout));
        await page.Locator("canvas").First.WaitForAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("view", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.EndsWith("#/rollouts/" + Rollout, page.Url, StringComparison.Ordinal);

        await page.Locator("canvas").First.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");

        await page.Locator("host-grid .tip").GetByText("host-02: registered").WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "host-02" }).WaitForAsync();
        Assert.Equal("view", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Times_AreInTheViewersZoneWithTheExactValueOnHover()
    {
        await WriteFleetAsync(RolloutState.Completed);
        var page = await chromium.OpenAsync(new Uri(_host.Address, "#/packages/drop-1"), zone: "Asia/Tokyo");
        var dropped = page.GetByRole(AriaRole.Region, new() { Name = "Timeline" }).Locator("time").First;
        await dropped.WaitForAsync();

        var title = await dropped.GetAttributeAsync("title");
        Assert.Matches("Feb 3, 2026, 1:05:06.PM", title);
        Assert.Contains("2026-02-03T04:05:06", title, StringComparison.Ordinal);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Search_FindsAHostWhileTyping_AndKeepsTheFocus()
    {
        await WriteFleetAsync(RolloutState.Completed);
        var page = await chromium.OpenAsync(new Uri(_host.Address, "#/hosts"));
        await page.GetByRole(AriaRole.Searchbox).FillAsync("T-07");
        await page.GetByRole(AriaRole.Link, new() { Name = "host-08" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });

        Assert.Equal(1, await page.Locator("tbody tr").CountAsync());
        Assert.True(await page.GetByRole(AriaRole.Searchbox).EvaluateAsync<bool>("field => field === document.activeElement"));
        await page.GetByRole(AriaRole.Searchbox).FillAsync("nothing like it");
        await page.GetByText("Nothing fits.").WaitForAsync();
        await page.Context.DisposeAsync();
    }

    /// <summary>Counts that change while somebody reads must not push what he reads: the browser's own measure of layout shifts stays at none.</summary>
    [Theory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task LiveCounts_ShiftNothing(int width)
    {
        await WriteFleetAsync(RolloutState.Running);
        await WriteStagedAsync(0);
        var page = await chromium.OpenAsync(_host.Address, width);
        await page.GetByText("staging: 0 of 20").WaitForAsync();
        await page.EvaluateAsync("window.shifts = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => shifts += entry.value)).observe({ type: 'layout-shift' })");
        foreach (var staged in Enumerable.Range(1, 9))
        {
            await WriteStagedAsync(staged);
            await page.GetByText($"staging: {staged} of 20").WaitForAsync();
        }

        Assert.Equal(0, await page.EvaluateAsync<double>("shifts"));
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task RefusedRequest_StaysOnTheScreenWithItsReason()
    {
        await WriteFleetAsync(RolloutState.Completed);
        var page = await chromium.OpenAsync(new Uri(_host.Address, "#/rollouts/" + Rollout));
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).PressAsync("Enter");
        await page.Locator("#confirm-yes").PressAsync("Enter");

        await page.Locator("#confirm-error").GetByText("state-conflict").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Change_IsShownWithoutTouchingThePage()
    {
        var page = await chromium.OpenAsync(_host.Address);
        await page.GetByText("Nothing needs you.").WaitForAsync();
        await _host.WriteAsync(DocumentKinds.Packages, "new", FleetHost.Drop("new", PackageState.Converting));

        await page.GetByText("converting").WaitForAsync();
        await _host.WriteAsync(DocumentKinds.Packages, "new", FleetHost.Drop("new", PackageState.Rejected) with { Code = ErrorCodes.SignatureMissing, Message = "No signature." });
        await page.GetByRole(AriaRole.Region, new() { Name = "Needs you" }).GetByText("signature-missing").WaitForAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task HostileNames_AreShownAsTextAndDoNothing()
    {
        const string evil = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>";
        var package = FleetHost.Package() with { FullName = evil };
        await _host.WriteAsync(DocumentKinds.Packages, "evil", FleetHost.Drop("evil", PackageState.Rejected) with
        {
            Package = package, Drop = evil, Code = "javascript:alert(1)", Message = evil, Notes = [new PackageNote(evil, IsWarning: true, evil)],
        });
        await _host.WriteHostAsync(FleetHost.Host("evil-host", note: evil));
        await _host.WriteAsync(DocumentKinds.Rollouts, Rollout, Record(RolloutState.Halted) with { Package = package, Message = evil, RequestedBy = evil });
        var page = await chromium.OpenAsync(_host.Address);

        foreach (var view in (string[])["#/", "#/packages", "#/packages/evil", "#/rollouts", "#/rollouts/" + Rollout, "#/hosts", "#/hosts/evil-host", "#/hosts/" + Uri.EscapeDataString(evil), "#/" + evil])
        {
            await page.GotoAsync(new Uri(_host.Address, view).AbsoluteUri);
            await page.Locator("main .panel").First.WaitForAsync();
            Assert.Equal(0, await page.Locator("main img, main script").CountAsync());
            Assert.NotEqual("owned", await page.TitleAsync());
            Assert.Equal(0, await page.Locator("a[href^='javascript:']").CountAsync());
        }

        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task PageFromAfar_ShowsNothingBeforeSignInAndNoButtonsToReaders()
    {
        await WriteFleetAsync(RolloutState.Completed);
        var address = new UriBuilder(_host.Address) { Host = "appattach.test" }.Uri;
        var page = await chromium.OpenAsync(new Uri(address, "#/rollouts/" + Rollout));
        await page.GetByLabel("Key of a reader").WaitForAsync();
        Assert.DoesNotContain("Contoso", await page.ContentAsync(), StringComparison.Ordinal);

        await page.GetByLabel("Key of a reader").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByText("That key is not known here.").WaitForAsync();
        await page.GetByLabel("Key of a reader").FillAsync(_host.Key("reader"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Contoso" }).WaitForAsync();

        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).CountAsync());
        Assert.False(await page.Locator("#drop-button").IsVisibleAsync());
        await page.Context.DisposeAsync();
    }

    /// <summary>5,000 hosts, all of which change ten times while the page looks: no update may hold the main thread for 100 ms.</summary>
    [Fact]
    public async Task FiveThousandHosts_AreShownAndUpdatedWithoutHoldingTheMainThread()
    {
        const int hosts = 5_000;
        await WriteFleetAsync(RolloutState.Running);
        await WriteBatchesAsync(hosts, HostProgress.Staging);
        var page = await chromium.OpenAsync(new Uri(_host.Address, "#/rollouts/" + Rollout));
        await page.EvaluateAsync("window.long = []; new PerformanceObserver(list => long.push(...list.getEntries().map(entry => entry.duration))).observe({ type: 'longtask' })");
        await page.GetByText(string.Create(CultureInfo.InvariantCulture, $"{hosts:N0} staging")).WaitForAsync();
        foreach (var round in Enumerable.Range(1, 10))
        {
            var done = round * hosts / 10;
            await WriteBatchesAsync(hosts, HostProgress.Staging, done);
            await page.GetByText(string.Create(CultureInfo.InvariantCulture, $"{done:N0} registered")).WaitForAsync();
        }

        var renders = await page.EvaluateAsync<double[]>("performance.getEntriesByName('render').map(entry => entry.duration)");
        await ShootAsync(page, "five-thousand");
        var held = await page.EvaluateAsync<double[]>("long");
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{renders.Length} renders, the longest {renders.Max():0} ms; tasks of 50 ms or more: {held.Length}, the longest {held.DefaultIfEmpty().Max():0} ms."));

        Assert.True(renders.Length >= 11, $"Only {renders.Length} renders.");

        // A machine that is busy with something else stretches single ones; half of them say what an update costs.
        Assert.InRange(renders.Order().ElementAt(renders.Length / 2), 0, 100);
        Assert.InRange(held.Count(each => each > 100), 0, renders.Length / 2);
        await page.Context.DisposeAsync();
    }

    private static PlannedRelease Planned(string version) => new(FleetHost.Package(version), new ImageReference("/shares/local/image.vhdx", new string('b', 64), 8 << 20, "vhdx", "apps"));

    private static RolloutRecord Record(RolloutState state) => new()
    {
        Id = Rollout,
        Package = FleetHost.Package(),
        Pool = FleetHost.Pool,
        State = state,
        Hosts = [],
        Rings =
        [
            new RolloutRing(new RingDefinition { Name = "early", Percent = 10, Gate = new GateDefinition() }, state == RolloutState.Completed ? RingPhase.Passed : RingPhase.Staging)
            {
                Batches = 25, Since = FleetHost.Then, Tally = new RingTally { Hosts = 20, Succeeded = 17, Failed = 3 },
            },
            new RolloutRing(new RingDefinition { Name = "everyone else", Gate = new GateDefinition() }, state == RolloutState.Completed ? RingPhase.Passed : RingPhase.Waiting),
        ],
        Code = state == RolloutState.Halted ? ErrorCodes.GateBroken : null,
        Message = state == RolloutState.Halted ? "3 of 20 hosts of the ring early failed; 10 percent may." : null,
        StartedAt = FleetHost.Then.AddMinutes(2),
        UpdatedAt = FleetHost.Then.AddMinutes(3),
    };

    private async Task WriteFleetAsync(RolloutState state)
    {
        await _host.WriteAsync(DocumentKinds.Packages, "drop-1", FleetHost.Drop("drop-1"));
        await _host.WriteAsync(DocumentKinds.Packages, "drop-2", FleetHost.Drop("drop-2", PackageState.Converting) with { Package = null });
        await _host.WriteAsync(DocumentKinds.Releases, FleetHost.Package().FullName, FleetHost.Release());
        foreach (var number in Enumerable.Range(1, 20))
        {
            await _host.WriteHostAsync(FleetHost.Host($"host-{number:00}", number == 7 ? "Its listener is too old: update it." : null));
        }

        await _host.WriteAsync(DocumentKinds.Rollouts, Rollout, Record(state));
        await _host.WriteAsync(DocumentKinds.RolloutHosts, RolloutBatch.KeyOf(Rollout, 0, 0), new RolloutBatch(Rollout, 0, 0,
            [.. Enumerable.Range(1, 20).Select(number => number % 6 == 0
                ? new RolloutHost($"host-{number:00}", HostProgress.Failed, ErrorCodes.MountFailed, "The image could not be attached: the share refused.")
                : new RolloutHost($"host-{number:00}", HostProgress.Registered))]));
    }

    private Task WriteStagedAsync(int staged) => _host.WriteAsync(DocumentKinds.RolloutHosts, RolloutBatch.KeyOf(Rollout, 0, 0), new RolloutBatch(Rollout, 0, 0,
        [.. Enumerable.Range(1, 20).Select(number => new RolloutHost($"host-{number:00}", number <= staged ? HostProgress.Staged : HostProgress.Staging))]));

    private async Task WriteBatchesAsync(int hosts, HostProgress progress, int registered = 0)
    {
        for (var batch = 0; batch < hosts / RolloutBatch.MostHosts; batch++)
        {
            var first = batch * RolloutBatch.MostHosts;
            await _host.WriteAsync(DocumentKinds.RolloutHosts, RolloutBatch.KeyOf(Rollout, 0, batch), new RolloutBatch(Rollout, 0, batch,
                [.. Enumerable.Range(first, RolloutBatch.MostHosts).Select(number => new RolloutHost($"session-host-{number:0000}", number < registered ? HostProgress.Registered : progress))]));
        }
    }

    private async Task<PackageReference?> CurrentAsync() =>
        (await _host.Catalog.ReadAsync<PoolPlan>(DocumentKinds.Plans, FleetHost.Pool, CancellationToken.None))!.Document.Find(FleetHost.Family)!.Current?.Package;

    /// <summary>Keeps a picture for people to look at where the environment names a folder for them.</summary>
    private static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("APPATTACH_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }
}
