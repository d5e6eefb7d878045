using AppAttach.Contracts;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Offers;
using AppAttach.Listener.Registration;

namespace AppAttach.Listener.Tests.Commands;

/// <summary>Each row of the tables of states and crashes, done as it says, with and without a reboot.</summary>
public class CrashTableTests
{
    private const string Nothing = "nothing";
    private static readonly string[] Users = ["anna", "bert"];
    private static readonly Dictionary<string, RegisterMode> Modes = new() { ["now"] = RegisterMode.Now, ["on-demand"] = RegisterMode.OnDemand };

    public static TheoryData<string> KillRows => [.. CrashTable.Kills.Select(row => row.Name)];

    public static TheoryData<string> DamageRows => [.. CrashTable.Damage.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(KillRows))]
    public async Task KilledThere_IsRepairedAsTheRowSays(string name)
    {
        var row = CrashTable.Kills.Single(row => row.Name == name);
        foreach (var point in row.Points)
        {
            await KillAsync(row, point, isReboot: false);
            await KillAsync(row, point, isReboot: true);
        }
    }

    [Fact]
    public async Task EachPointOfEachLife_BelongsToOneRow()
    {
        foreach (var life in CrashTable.Kills.GroupBy(row => row.Life))
        {
            using var host = MakeHost(life.Key);
            var commands = Commands(host, life.Key);
            foreach (var command in commands[..^1])
            {
                _ = await host.AskAsync(command);
            }

            var before = host.Points.Passed;
            _ = await host.AskAsync(commands[^1]);
            Assert.Equal(host.Points.Names.Skip(before), life.SelectMany(row => row.Points));
        }
    }

    [Fact]
    public void EachStateOfTheLedger_HasARow()
    {
        var found = CrashTable.Kills.SelectMany(row => row.Found.Split(", ")).Select(package => package.Split(' ').ElementAtOrDefault(1)).ToHashSet();
        Assert.All(Enum.GetNames<PackageState>().Where(state => state != nameof(PackageState.Absent)), state => Assert.Contains(state, found));
        Assert.Equal(CrashTable.Kills.Count + CrashTable.Damage.Count, CrashTable.Kills.Select(row => row.Name).Union(CrashTable.Damage.Select(row => row.Name)).Count());
    }

    [Theory]
    [MemberData(nameof(DamageRows))]
    public async Task Damaged_IsRepairedAsTheRowSays(string name)
    {
        var row = CrashTable.Damage.Single(row => row.Name == name);
        using var host = new TestHost();
        var commands = Commands(host, "stage 1, register 1");
        foreach (var command in commands)
        {
            Assert.Null((await host.AskAsync(command)).Message);
        }

        var failures = await DamageAsync(name, host, commands);
        host.Start();
        Assert.Equal(row.Found, Describe(host));
        Assert.Equal(failures, await host.Convergence.RunAsync(CancellationToken.None));
        Assert.Equal(row.Repaired, Describe(host));

        // What is repaired can be used: whatever it is, the same commands lead on from there.
        Restore(host);
        foreach (var command in commands)
        {
            Assert.Null((await host.AskAsync(command with { CommandId = command.CommandId + "-again" })).Message);
        }

        Assert.Equal("1 Registered mounted known anna bert", Describe(host));
    }

    private static async Task KillAsync(CrashRow row, string point, bool isReboot)
    {
        using var host = MakeHost(row.Life);
        var commands = Commands(host, row.Life);
        foreach (var command in commands[..^1])
        {
            _ = await host.AskAsync(command);
        }

        host.Points.CrashAt(point);
        await Assert.ThrowsAsync<CrashException>(() => host.AskAsync(commands[^1]));
        host.Points.Disarm();
        var subject = $"{row.Name}, {point}{(isReboot ? ", reboot" : "")}: ";
        Assert.Equal(subject + row.Found, subject + Describe(host));
        if (isReboot)
        {
            host.Mounter.Reboot();
        }

        host.Start();
        Assert.Equal(0, await host.Convergence.RunAsync(CancellationToken.None));
        Assert.Equal(subject + row.Repaired, subject + Describe(host));

        var before = host.Points.Passed;
        var isAnswered = host.Machine.Ledger.FindCommand(commands[^1].CommandId)?.Outcome is not null;
        var outcome = await host.AskAsync(commands[^1]);
        Assert.True(outcome.Code is null or ErrorCodes.InUse, subject + outcome.Message);
        Assert.Equal(subject + row.Again, subject + Describe(host));
        Assert.Equal(point == "after write outcome", isAnswered);
        Assert.True(!isAnswered || host.Points.Passed == before, subject + "what was answered is only reported.");
    }

    // Done to a machine on which package 1 is registered for both users. Returns how many packages cannot be repaired then.
    private static async Task<int> DamageAsync(string name, TestHost host, List<HostCommand> commands)
    {
        var package = commands[0].Package!;
        var file = Path.Combine(host.State, "ledger", "packages", package.FullName + ".json");
        switch (name)
        {
            case "rebooted":
                host.Mounter.Reboot();
                return 0;
            case "share-away":
                host.Mounter.Reboot();
                File.Move(commands[0].Image!.Path, commands[0].Image!.Path + ".away");
                return 1;
            case "record-cut-off":
                await File.WriteAllTextAsync(file + DurableFile.UnfinishedSuffix, "{");
                return 0;
            case "record-torn":
                await File.WriteAllTextAsync(file, "{");
                return 0;
            case "record-torn-rebooted":
                await File.WriteAllTextAsync(file, "{");
                host.Mounter.Reboot();
                return 0;
            case "command-torn":
                foreach (var command in Directory.EnumerateFiles(Path.Combine(host.State, "ledger", "commands")))
                {
                    await File.WriteAllTextAsync(command, "{");
                }

                return 0;
            case "unknown":
                host.Machine.Registrar.Deregister(package.FullName, "anna");
                host.Machine.Registrar.Destage(package.FullName);
                return 0;
            case "unmounted":
                await host.Mounter.UnmountAsync(commands[0].Image!.Digest, CancellationToken.None);
                return 0;
            case "orphans":
                var other = TestPackage.Make("2.0.0.0");
                var mounted = await host.Mounter.MountAsync(host.MakeImage(other), CancellationToken.None);
                var orphan = new PackageRecord(other, mounted.Image, PackageState.Staged, [], host.Clock.GetUtcNow()).At(mounted.MountPoint);
                host.Machine.Registrar.Stage(orphan);
                host.Machine.Registrar.Register(orphan, "carl");
                return 0;
            default:
                throw new InvalidOperationException($"No test stands for the row {name}.");
        }
    }

    private static void Restore(TestHost host)
    {
        foreach (var away in Directory.EnumerateFiles(host.Share, "*.away"))
        {
            File.Move(away, away[..^".away".Length]);
        }
    }

    // "stage 1", "register 1", "register 1 now", "deregister 2 bert": a package is its version. With a mode it is for everyone, who are anna and bert.
    private static List<HostCommand> Commands(TestHost host, string life) => [.. life.Split(", ").Select(text =>
    {
        var words = text.Split(' ');
        var kind = Enum.Parse<CommandKind>(words[0], ignoreCase: true);
        var package = TestPackage.Make(words[1] + ".0.0.0");
        return words.Length > 2 && Modes.TryGetValue(words[2], out var mode)
            ? TestPackage.Register(package, mode)
            : TestPackage.Command(
                kind, package, kind == CommandKind.Stage ? host.MakeImage(package) : null, null,
                words.Length > 2 ? words[2..] : kind == CommandKind.Register ? Users : []);
    })];

    private static TestHost MakeHost(string life)
    {
        var host = new TestHost();
        if (life.Split(' ', ',').Any(Modes.ContainsKey))
        {
            host.Sessions = new SessionRegistrar(new FileRegistrar(host.State, host.Clock));
            foreach (var user in Users)
            {
                host.Sessions.SignedIn.Add(user, []);
            }

            host.Start();
        }

        return host;
    }

    // What the ledger says of each package, and what there really is of it.
    private static string Describe(TestHost host)
    {
        var ledger = new HostLedger(new DiskLedgerStore(Path.Combine(host.State, HostLedger.FolderName)));
        var registrar = new FileRegistrar(host.State, host.Clock);
        var mounted = host.Mounter.ListAsync(CancellationToken.None).Result;
        var offered = OfferBook.Read(new DiskLedgerStore(host.Offers));
        var packages = new[] { "1", "2" }.Select(version =>
        {
            var package = TestPackage.Make(version + ".0.0.0");
            var record = ledger.FindPackage(package.FullName);
            string?[] words =
            [
                record?.State.ToString(),
                record is { IsLeaving: true } ? "leaving" : null,
                ledger.LostPackages.Contains(package.FullName) ? "torn" : null,
                mounted.Any(image => Path.GetFileName(image.Image.Path) == package.Version + ".vhdx") ? "mounted" : null,
                registrar.ListStaged().Contains(package.FullName) ? "known" : null,
                offered.Any(offer => offer.PackageFullName == package.FullName) ? "offered" : null,
                .. registrar.ListRegistrations().Where(entry => entry.PackageFullName == package.FullName).Select(entry => entry.User).Order(StringComparer.Ordinal),
            ];
            return words.Any(word => word is not null) ? $"{version} {string.Join(' ', words.Where(word => word is not null))}" : null;
        }).Append(registrar.ListProvisioned().Count > 0 ? "provisioned" : null).Where(text => text is not null);
        return string.Join(", ", packages) is { Length: > 0 } text ? text : Nothing;
    }
}
