using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Reconcile;
using AppAttach.Pipeline.Retention;

namespace AppAttach.Pipeline.Tests.Planning;

/// <summary>The rules that rollouts go by, one by one.</summary>
public sealed class PlanningTests
{
    private static readonly IReadOnlyList<RingDefinition> Rings =
    [
        new RingDefinition { Name = "named", Hosts = ["Boss"] },
        new RingDefinition { Name = "tenth", Percent = 10 },
        new RingDefinition { Name = "third", Percent = 30 },
        new RingDefinition { Name = "rest" },
    ];

    [Fact]
    public void Hosts_AreSpreadOverRingsByTheirShareAndStayThere()
    {
        var counts = new int[4];
        for (var number = 0; number < 10_000; number++)
        {
            counts[RingMembership.RingOf($"host-{number}", Rings)]++;
        }

        Assert.Equal(0, counts[0]);
        Assert.InRange(counts[1], 850, 1150);
        Assert.InRange(counts[2], 2750, 3250);
        Assert.Equal(RingMembership.RingOf("HOST-7", Rings), RingMembership.RingOf("host-7", Rings));
        Assert.Equal(0, RingMembership.RingOf("bOSS", Rings));
    }

    [Theory]
    [InlineData(9, 1, 0, 0, true)]
    [InlineData(8, 1, 0, 0, false)]
    [InlineData(0, 0, 0, 0, true)]
    [InlineData(0, 0, 5, 0, false)]
    [InlineData(1, 0, 5, 0, true)]
    [InlineData(0, 0, 0, 5, true)]
    public void Gate_OfTenPercentAndOneSuccess(int succeeded, int failed, int silent, int unfit, bool passes)
    {
        var tally = new RingTally
        {
            Hosts = succeeded + failed + silent + unfit, Succeeded = succeeded, Failed = failed, Silent = silent, Unfit = unfit,
        };

        Assert.Equal(passes, GateRule.Judge(new GateDefinition(), tally) is null);
        Assert.Null(GateRule.Judge(GateDefinition.Open, tally));
    }

    [Theory]
    [InlineData("2026-03-02T21:59:00Z", "2026-03-02T21:59:00Z")]
    [InlineData("2026-03-02T20:59:00Z", "2026-03-02T21:00:00Z")]
    [InlineData("2026-03-03T03:59:00Z", "2026-03-03T03:59:00Z")]
    [InlineData("2026-03-03T04:00:00Z", "2026-03-09T21:00:00Z")]
    [InlineData("2026-03-30T19:00:00Z", "2026-03-30T20:00:00Z")]
    public void Window_OfMondayNightInBerlin(string now, string expected)
    {
        var window = new MaintenanceWindow { TimeZone = "Europe/Berlin", Days = [DayOfWeek.Monday], Start = new TimeOnly(22, 0), End = new TimeOnly(5, 0) };

        Assert.Equal(Time(expected), WindowRule.NextOpening([window], Time(now)));
    }

    [Theory]
    [InlineData(2, 30, 4, 0, "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData(2, 30, 4, 0, "2026-10-25T01:15:00Z", "2026-10-25T01:15:00Z")]
    [InlineData(2, 30, 4, 0, "2026-10-25T02:59:00Z", "2026-10-25T02:59:00Z")]
    [InlineData(2, 30, 4, 0, "2026-10-25T03:00:00Z", "2026-10-26T01:30:00Z")]
    [InlineData(1, 0, 2, 30, "2026-10-25T00:30:00Z", "2026-10-26T00:00:00Z")]
    [InlineData(2, 15, 2, 45, "2026-03-29T00:30:00Z", "2026-03-30T00:15:00Z")]
    [InlineData(23, 0, 3, 30, "2026-03-29T01:29:00Z", "2026-03-29T01:29:00Z")]
    [InlineData(23, 0, 3, 30, "2026-03-29T01:30:00Z", "2026-03-29T21:00:00Z")]
    public void Window_InNightsWhenTheClockChanges(int startHour, int startMinute, int endHour, int endMinute, string now, string expected)
    {
        var window = new MaintenanceWindow { TimeZone = "Europe/Berlin", Start = new TimeOnly(startHour, startMinute), End = new TimeOnly(endHour, endMinute) };

        Assert.Equal(Time(expected), WindowRule.NextOpening([window], Time(now)));
    }

    [Fact]
    public void Window_ThatOpensInTheHourThatIsSkipped_OpensAfterIt()
    {
        var window = new MaintenanceWindow { TimeZone = "Europe/Berlin", Start = new TimeOnly(2, 30), End = new TimeOnly(4, 0) };

        Assert.Equal(Time("2026-03-29T01:00:00Z"), WindowRule.NextOpening([window], Time("2026-03-29T00:00:00Z")));
    }

    [Fact]
    public void Update_TakesNothingAwayBeforeSomethingIsThere()
    {
        var (old, next) = (Release("1.0.0.0"), Release("2.0.0.0"));
        var plan = new PoolPlan("p").With(new AppPlan(old.Package.FamilyName) { Current = next });

        Assert.Equal([(CommandKind.Stage, next.Package)], Needed(plan, Item(old, "u")));
        Assert.Equal([(CommandKind.Register, next.Package)], Needed(plan, Item(old, "u"), Item(next)));
        Assert.Equal([(CommandKind.Deregister, old.Package)], Needed(plan, Item(old, "u"), Item(next, "u")));
        Assert.Equal([(CommandKind.Destage, old.Package)], Needed(plan, Item(old), Item(next, "u")));
        Assert.Empty(Needed(plan, Item(next, "u")));
    }

    [Theory]
    [InlineData("S-1-5-21-1-513", "S-1-5-21-1-513,S-1-5-21-1-1200", true)]
    [InlineData("S-1-5-21-1-513", "", true)]
    [InlineData("", "S-1-5-21-1-513", true)]
    [InlineData("S-1-5-21-1-513,S-1-5-21-1-1200", "S-1-5-21-1-1200,s-1-5-21-1-513", false)]
    [InlineData("CONTOSO\\anna", "S-1-5-21-1-1001,S-1-5-21-1-1002", true)]
    [InlineData("CONTOSO\\anna,S-1-5-21-1-513", "S-1-5-21-1-1001,S-1-5-21-1-1002", true)]
    [InlineData("CONTOSO\\anna,S-1-5-21-1-513", "S-1-5-21-1-1001,S-1-5-21-1-513", false)]
    public void PackageKeptForOthersThanIsAssigned_IsRegisteredForThoseWhoAre(string assigned, string keptFor, bool isAsked)
    {
        var release = Release("1.0.0.0");
        var users = assigned.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var plan = new PoolPlan("p").With(new AppPlan(release.Package.FamilyName) { Current = release, Users = users });
        var item = Item(release, "S-1-5-21-1-1001") with { RegisteredFor = keptFor.Split(',', StringSplitOptions.RemoveEmptyEntries) };

        // The host has said before that it registered the package for these very users.
        var needed = HostDifference.Of(Hello(item) with { SaysRegistrations = true }, [plan], new HashSet<string>(), (_, _) => true);

        Assert.Equal(isAsked ? [(CommandKind.Register, users)] : [], needed.Select(command => (command.Kind, command.Users)));
    }

    [Fact]
    public void HostOfTwoPools_HasTheFamiliesOfBoth_AndACommonOneFromItsFirstForTheUsersOfBoth()
    {
        var (old, next, other) = (Release("1.0.0.0"), Release("2.0.0.0"), Release("3.0.0.0", "Fabrikam.App"));
        var first = new PoolPlan("p").With(new AppPlan(old.Package.FamilyName) { Current = old, Users = ["anna"] });
        var second = new PoolPlan("q")
            .With(new AppPlan(next.Package.FamilyName) { Current = next, Users = ["bert"] })
            .With(new AppPlan(other.Package.FamilyName) { Current = other });

        var both = HostPlan.Of("h", [first, second]);
        Assert.Equal([(old, "anna,bert"), (other, "")], both.Select(app => (app.Registered, string.Join(',', app.App.Users))));
        Assert.Equal(next, HostPlan.Of("h", [second, first])[0].Registered);

        // What the first pool had and gives up comes from the second, and what nobody gives any more goes.
        first = first.Remove(old.Package.FamilyName);
        Assert.Equal((next, "bert"), (HostPlan.Of("h", [first, second])[0].Registered, string.Join(',', HostPlan.Of("h", [first, second])[0].App.Users)));
        Assert.Null(HostPlan.Of("h", [first, second.Remove(next.Package.FamilyName)])[0].Registered);
    }

    [Fact]
    public void PoolWhoseReleaseNeverReachedAHost_HasNoSayInIt()
    {
        var (mine, theirs) = (Release("1.0.0.0"), Release("2.0.0.0"));
        RingDefinition[] rings = [new() { Name = "first", Hosts = ["pilot"] }, new() { Name = "rest" }];
        var halfWay = new PoolPlan("p").With(new AppPlan(theirs.Package.FamilyName) { Reached = [new(theirs, rings, [0])] });
        var other = new PoolPlan("q").With(new AppPlan(mine.Package.FamilyName) { Current = mine, Users = ["anna"] });

        foreach (var plans in (PoolPlan[][])[[halfWay, other], [other, halfWay]])
        {
            var app = Assert.Single(HostPlan.Of("h", plans));
            Assert.Equal((mine, "anna"), (app.Registered, string.Join(',', app.App.Users)));
        }

        // The pilot has it, for everyone.
        var pilots = Assert.Single(HostPlan.Of("pilot", [halfWay, other]));
        Assert.Equal((theirs, ""), (pilots.Registered, string.Join(',', pilots.App.Users)));
    }

    [Fact]
    public void WayBack_TakesTheNewerOneFirst()
    {
        var (old, next) = (Release("1.0.0.0"), Release("2.0.0.0"));
        var plan = new PoolPlan("p").With(new AppPlan(old.Package.FamilyName) { Current = old });

        Assert.Equal([(CommandKind.Deregister, next.Package), (CommandKind.Register, old.Package)], Needed(plan, Item(old), Item(next, "u")));
        Assert.Equal([(CommandKind.Stage, old.Package)], Needed(plan, Item(next, "u")));
    }

    [Fact]
    public void RingsInMotionAndFamiliesUnknown_AreLeftAlone()
    {
        var (old, next) = (Release("1.0.0.0"), Release("2.0.0.0"));
        var assignment = new AssignmentRecord("*", "p", []);
        var plan = new PoolPlan("p").With(new AppPlan(old.Package.FamilyName) { Current = old }).Enter(assignment, "r", next);

        Assert.Equal([(CommandKind.Stage, old.Package)], Needed(plan));
        Assert.Empty(Needed(plan.Move("r", 0, RingPhase.Staging)!));
        Assert.Empty(Needed(new PoolPlan("p"), Item(old, "u")));
    }

    [Fact]
    public void Plan_HasOneCurrentReleaseAndForgetsSupersededRollouts()
    {
        var assignment = new AssignmentRecord("*", "p", []);
        var plan = new PoolPlan("p").Enter(assignment, "r1", Release("1.0.0.0")).Enter(assignment, "r2", Release("2.0.0.0"));

        Assert.Null(plan.Move("r1", 0, RingPhase.Passed));
        Assert.Null(plan.Complete("r1"));
        Assert.Null(plan.Complete("r2"));
        plan = plan.Move("r2", 0, RingPhase.Passed)!.Move("r2", 0, RingPhase.Staging)!.Complete("r2")!;
        Assert.Equal("2.0.0.0", Assert.Single(plan.Apps).Current!.Package.Version);
        Assert.Null(plan.GoBack(plan.Apps[0].Family));
        Assert.False(plan.Apps[0].Yields(Release("2.0.0.0").Package));
    }

    [Theory]
    [InlineData(RingPhase.Registering, null)]
    [InlineData(RingPhase.Soaking, "1.0.0.0")]
    [InlineData(RingPhase.Passed, "1.0.0.0")]
    public void ReleaseThatEveryRingHasRegistered_IsWhatHostsGoBackTo_WhenTheNextOneHalts(RingPhase lastRing, string? version)
    {
        var assignment = new AssignmentRecord("*", "p", [])
        {
            Rings = [new RingDefinition { Name = "first", Percent = 10 }, new RingDefinition { Name = "rest" }],
        };
        var plan = new PoolPlan("p").Enter(assignment, "r1", Release("1.0.0.0")).Move("r1", 0, RingPhase.Passed)!.Move("r1", 1, lastRing)!;

        plan = plan.Enter(assignment, "r2", Release("2.0.0.0")).Abandon("r2");

        Assert.Equal(version, Assert.Single(plan.Apps).Current?.Package.Version);
    }

    [Fact]
    public void ReleaseThatOnlySomeRingsHad_IsWhatTheirHostsGoBackTo_AndTheOthersToTheOneBefore()
    {
        var assignment = new AssignmentRecord("*", "p", [])
        {
            Rings = [new RingDefinition { Name = "first", Hosts = ["a"] }, new RingDefinition { Name = "second", Hosts = ["b"] }, new RingDefinition { Name = "rest" }],
        };
        string?[] Bases(PoolPlan plan) => [.. ((string[])["a", "b", "c"]).Select(host => WantedApp.BaseOf(plan.Apps[0], host)?.Package.Version)];
        PoolPlan Reach(PoolPlan plan, string id, string version, int rings) => Enumerable.Range(0, rings).Aggregate(
            plan.Enter(assignment, id, Release(version)), (next, ring) => next.Move(id, ring, RingPhase.Soaking)!);

        var plan = Reach(Reach(Reach(new PoolPlan("p"), "r1", "1.0.0.0", 3), "r2", "2.0.0.0", 2), "r3", "3.0.0.0", 1);
        Assert.Equal(["2.0.0.0", "2.0.0.0", "1.0.0.0"], Bases(plan));

        // Ring after ring, a host has the last release that was good there, whatever supersedes what.
        plan = plan.Enter(assignment, "r4", Release("4.0.0.0"));
        Assert.Equal(["3.0.0.0", "2.0.0.0", "1.0.0.0"], Bases(plan));
        Assert.Equal("2.0.0.0", WantedApp.Of(plan.Apps[0], "b").Registered!.Package.Version);
        Assert.Equal(["3.0.0.0", "2.0.0.0", "1.0.0.0"], Bases(plan.Abandon("r4")));
        Assert.False(plan.Abandon("r4").Apps[0].Yields(Release("2.5.0.0").Package));

        // What is retired, or rolled out again and found bad, is gone back to by nobody; going back takes all to what is current.
        Assert.Equal(["2.0.0.0", "2.0.0.0", "1.0.0.0"], Bases(plan.Strike(Release("3.0.0.0").Package.FullName)));
        Assert.Equal(["3.0.0.0", "1.0.0.0", "1.0.0.0"], Bases(plan.Enter(assignment, "r5", Release("2.0.0.0")).Abandon("r5")));
        Assert.Equal(["1.0.0.0", "1.0.0.0", "1.0.0.0"], Bases(plan.Abandon("r4").GoBack("App_pub")!));
        Assert.Equal(["5.0.0.0", "5.0.0.0", "5.0.0.0"], Bases(Reach(plan, "r6", "5.0.0.0", 3).Enter(assignment, "r7", Release("6.0.0.0"))));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void AppRegisteredAndThenForNobody_IsRegisteredAgain_WhereTheListenerSaysForWhom(bool saysRegistrations, int commands)
    {
        var (release, now) = (Release("1.0.0.0"), Time("2026-02-03T04:05:06Z"));
        var plan = new PoolPlan("p").With(new AppPlan(release.Package.FamilyName) { Current = release });
        var hello = Hello(Item(release)) with { SaysRegistrations = saysRegistrations, SentAt = now };
        var registered = new SentCommand("c", CommandKind.Register, release.Package.FullName, now.AddHours(-1), now)
        {
            Result = OutcomeResult.Succeeded, CompletedAt = now.AddMinutes(-1),
        };
        var record = new HostRecord(hello, now, now, IsWelcomed: true) { Commands = [registered] };

        var sent = ReconcileRule.Decide(record, [plan], new HashSet<string>(), now, now.AddHours(1), null).Commands;

        Assert.Equal(commands, sent.Count(command => command.Kind == CommandKind.Register));
    }

    [Theory]
    [InlineData(RegisterMode.OnDemand, RegisterMode.OnDemand, 0)]
    [InlineData(RegisterMode.OnDemand, RegisterMode.Logon, 1)]
    [InlineData(RegisterMode.Now, RegisterMode.OnDemand, 1)]
    [InlineData(RegisterMode.Now, null, 0)]
    public void AppOfInventory_IsRegisteredAgain_OnlyWhereTheHostSaysAnotherMode(RegisterMode wanted, RegisterMode? said, int commands)
    {
        var release = Release("1.0.0.0");
        var plan = new PoolPlan("p").With(new AppPlan(release.Package.FamilyName) { Current = release, Mode = wanted });

        var needed = HostDifference.Of(Hello(Item(release) with { RegisteredFor = [], Mode = said }), [plan], new HashSet<string>(), (_, _) => false);

        // Whether a user has what is offered, or has dropped it again, is his own affair.
        Assert.Equal(commands, needed.Count);
        Assert.All(needed, need => Assert.Equal((CommandKind.Register, (RegisterMode?)wanted), (need.Kind, need.Mode)));
    }

    [Theory]
    [InlineData("AB", new[] { "cd", "ab" }, 0)]
    [InlineData("ab", new[] { "cd" }, 1)]
    [InlineData("ab", new string[0], 1)]
    [InlineData("ab", null, 0)]
    [InlineData(null, new string[0], 0)]
    public void SelfSignedPackage_NeedsItsCertificateOnTheHost_WhereTheHostSays(string? signer, string[]? trusted, int reasons)
    {
        var hello = new HostHello
        {
            Host = "h", Pool = "p", ListenerVersion = "1", OperatingSystem = "Windows", Architecture = "x64", Mounter = "windows",
            Inventory = [], TrustedCertificates = trusted, SentAt = Time("2026-02-03T04:05:06Z"),
        };

        Assert.Equal(reasons, Preflight.Judge(hello, Release("1.0.0.0").Package, new ReleaseNeeds(null, []) { SelfSignedBy = signer }, null).Count);
    }

    [Theory]
    [InlineData("x64", "10.0.26100", "2.1.0.0", 1L << 40, "1.2.0", null)]
    [InlineData("x86", "10.0.26100", "2.1.0.0", 1L << 40, "1.2.0", "the package is for x64, the host is x86")]
    [InlineData("x64", "10.0.17763", "2.1.0.0", 1L << 40, "1.2.0", "it has Windows 10.0.17763, 10.0.19041 is needed")]
    [InlineData("x64", "10.0.26100", "1.9.0.0", 1L << 40, "1.2.0", "the framework Framework_pub 2.0.0.0 or newer is missing")]
    [InlineData("x64", "10.0.26100", "2.1.0.0", 1L << 20, "1.2.0", "it has 1 MiB free, 512 are needed")]
    [InlineData("x64", "10.0.26100", "2.1.0.0", 1L << 40, "1.1.9", "its listener is 1.1.9, 1.2 or newer is asked for: upgrade it, which unmounts nothing")]
    [InlineData("x64", null, null, null, "next", null)]
    public void WhatAHostSaysOfItself_IsHeldAgainstWhatTheReleaseNeeds(string architecture, string? windows, string? framework, long? free, string listener, string? reason)
    {
        var hello = Hello() with
        {
            Architecture = architecture, OperatingSystemVersion = windows, FreeBytes = free, ListenerVersion = listener,
            Frameworks = framework is null ? null : [new FrameworkReference("framework_PUB", framework)],
        };

        var reasons = Preflight.Judge(
            hello, Release("1.0.0.0").Package, new ReleaseNeeds("10.0.19041", [new FrameworkReference("Framework_pub", "2.0.0.0")]), new Version(1, 2));

        Assert.Equal(reason is null ? [] : [reason], reasons);
    }

    [Fact]
    public void HostWithEverythingAgainstIt_IsToldAllReasonsAtOnce_AndSentNothing()
    {
        var (release, now) = (Release("1.0.0.0"), Time("2026-02-03T04:05:06Z"));
        var plan = new PoolPlan("p").With(new AppPlan(release.Package.FamilyName) { Current = release });
        var hello = Hello() with { Architecture = "x86", FreeBytes = 0, ListenerVersion = "1.0.0" };

        Assert.Equal(3, Preflight.Judge(hello, release.Package, null, new Version(1, 2)).Count);
        Assert.Empty(ReconcileRule.Decide(new HostRecord(hello, now, now, IsWelcomed: true), [plan], new HashSet<string>(), now, now.AddHours(1), new Version(1, 2)).Commands);
        Assert.Single(ReconcileRule.Decide(new HostRecord(Hello(), now, now, IsWelcomed: true), [plan], new HashSet<string>(), now, now.AddHours(1), new Version(1, 0)).Commands);
    }

    [Theory]
    [InlineData(true, 2, "3.0.0.0", true)]
    [InlineData(true, 2, "2.0.0.0", true)]
    [InlineData(true, 2, "1.0.0.0", false)]
    [InlineData(true, 3, "1.0.0.0", true)]
    [InlineData(false, 1, "1.0.0.0", true)]
    public void ReleaseThatNothingHolds_IsKeptAmongTheLastOfItsFamily(bool isOn, int keepLast, string version, bool isKept)
    {
        var now = Time("2026-02-03T04:05:06Z");
        ReleaseRecord[] releases = [.. new[] { "1.0.0.0", "2.0.0.0", "3.0.0.0" }.Select(each => new ReleaseRecord
        {
            Package = Release(each).Package, PackageDigest = each, ClaimedAt = now,
        })];
        var other = releases[0] with { Package = Release("9.0.0.0", "Other").Package };

        var reason = RetentionRule.WhyKept(
            releases.Single(release => release.Package.Version == version),
            new RetentionView([.. releases, other], [], [], []),
            new RetentionPolicy { IsOn = isOn, KeepLast = keepLast },
            now);

        Assert.Equal(isKept, reason is not null);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static PlannedRelease Release(string version, string app = "App") => new(
        new PackageReference($"{app}_{version}_x64__pub", $"{app}_pub", version, "x64"),
        new ImageReference($"/share/{version}.vhdx", version, 1, "vhdx", "apps"));

    private static HostHello Hello(params IReadOnlyList<InventoryItem> inventory) => new()
    {
        Host = "h", Pool = "p", ListenerVersion = "1", OperatingSystem = "Windows", Architecture = "x64", Mounter = "windows",
        Inventory = inventory, SentAt = Time("2026-02-03T04:05:06Z"),
    };

    private static InventoryItem Item(PlannedRelease release, params string[] users) =>
        new(release.Package.FullName, release.Image.Path, release.Image.Digest, IsMounted: true, users);

    private static IEnumerable<(CommandKind, PackageReference)> Needed(PoolPlan plan, params InventoryItem[] inventory) =>
        HostDifference.Of(Hello(inventory), [plan], new HashSet<string>(), (_, _) => false).Select(command => (command.Kind, command.Package));
}
