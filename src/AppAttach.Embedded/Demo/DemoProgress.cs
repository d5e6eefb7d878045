using System.Diagnostics;
using AppAttach.Pipeline.Catalog;
using Spectre.Console;

namespace AppAttach.Embedded.Demo;

/// <summary>Shows a demo: a live table on a terminal, a line for each change elsewhere.</summary>
internal sealed class DemoProgress
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly HashSet<string> _said = [];

    /// <summary>Says a sentence.</summary>
    /// <param name="sentence">The sentence.</param>
    public void Say(string sentence) => AnsiConsole.Console.Profile.Out.Writer.WriteLine(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:0.0} s  {sentence}"));

    /// <summary>Shows records while work goes on.</summary>
    /// <typeparam name="TResult">Type of the work's result.</typeparam>
    /// <param name="work">The work; calls what it is given with each new state.</param>
    /// <returns>What the work returned.</returns>
    public Task<TResult> ShowAsync<TResult>(Func<Action<DemoStatus>, Task<TResult>> work)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            return work(SayChanges);
        }

        return AnsiConsole.Live(new Text("")).AutoClear(true).StartAsync(live => work(snapshot =>
        {
            live.UpdateTarget(ToTable(snapshot));
            live.Refresh();
        }));
    }

    private static Table ToTable(DemoStatus snapshot)
    {
        var table = new Table().RoundedBorder().AddColumns("Package", "State", "Regions", "Hosts");
        foreach (var package in snapshot.Packages)
        {
            var copies = snapshot.Releases.FirstOrDefault(release => release.Package == package.Package)?.Copies ?? [];
            var hosts = snapshot.Rollouts.Where(rollout => rollout.Package == package.Package).SelectMany(rollout => rollout.Hosts);
            table.AddRow(
                new Text(package.Package?.FullName ?? package.Drop),
                new Text(package.State.ToString()),
                new Text(string.Join(", ", copies.Select(copy => copy.Region))),
                new Text(string.Join(", ", hosts.Select(host => $"{host.Host} {host.Progress}"))));
        }

        return table;
    }

    private void SayChanges(DemoStatus snapshot)
    {
        foreach (var package in snapshot.Packages)
        {
            SayOnce($"{package.Drop}: {package.State}");
        }

        foreach (var rollout in snapshot.Rollouts.Reverse())
        {
            var staged = rollout.Hosts.Count(host => host.Progress is HostProgress.Staged or HostProgress.Registered);
            SayOnce($"{rollout.Package.FullName} to {rollout.Pool}: {rollout.State}, staged on {staged} of {rollout.Hosts.Count} hosts");
        }
    }

    private void SayOnce(string sentence)
    {
        if (_said.Add(sentence))
        {
            Say(sentence);
        }
    }
}
