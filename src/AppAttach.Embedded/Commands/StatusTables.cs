using System.Globalization;
using AppAttach.Api.Views;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Status;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AppAttach.Embedded.Commands;

/// <summary>The state of the fleet as tables for a terminal.</summary>
internal static class StatusTables
{
    /// <summary>All of it, every host included.</summary>
    public static IRenderable Of(FleetOverview overview, StatusSnapshot status)
    {
        var rollouts = NewTable("Rollout", "Pool", "State", "Registered");
        foreach (var rollout in status.Rollouts)
        {
            var registered = rollout.Hosts.Count(host => host.Progress == HostProgress.Registered);
            AddRow(rollouts, rollout.Package.FullName, rollout.Pool, rollout.State.ToString(), $"{registered} of {rollout.Hosts.Count} hosts");
        }

        var hosts = NewTable("Host", "Pool", "Last seen (UTC)", "Packages", "Note");
        foreach (var host in status.Hosts)
        {
            AddRow(hosts, host.Hello.Host, host.Hello.Pool, $"{host.LastSeenAt:u}", string.Join(", ", host.Hello.Inventory.Select(item => item.PackageFullName)), host.Note ?? "");
        }

        return new Rows([.. Attention(overview), Packages(status.Packages), rollouts, hosts]);
    }

    /// <summary>What changes and needs a look, short enough to stay on the screen of a large fleet.</summary>
    public static IRenderable OfOverview(FleetOverview overview)
    {
        var rollouts = NewTable("Rollout", "Pool", "State", "Rings");
        foreach (var rollout in overview.Rollouts)
        {
            AddRow(rollouts, rollout.Package.FullName, rollout.Pool, rollout.State.ToString(), string.Join(", ", rollout.Rings.Select(ring =>
                $"{ring.Name}: {ring.Standing}{(ring.Hosts > 0 ? string.Create(CultureInfo.InvariantCulture, $" {ring.Succeeded}/{ring.Hosts}") : "")}{(ring.Failed > 0 ? $", {ring.Failed} failed" : "")}")));
        }

        var pools = NewTable("Pool", "Hosts", "Settled", "Working", "Failing", "Unready", "Silent");
        foreach (var pool in overview.Pools)
        {
            AddRow(pools, [pool.Name, $"{pool.Hosts}", .. pool.States.Values.Select(count => $"{count}")]);
        }

        return new Rows([.. Attention(overview), Packages(overview.Packages), rollouts, pools]);
    }

    private static IEnumerable<IRenderable> Attention(FleetOverview overview)
    {
        if (overview.Attention.Count > 0)
        {
            var table = NewTable("Needs you", "Code", "What happened", "What to do");
            foreach (var item in overview.Attention)
            {
                AddRow(table, item.Title, item.Code ?? "", item.Message, item.NextStep);
            }

            yield return table;
        }
    }

    private static Table Packages(IEnumerable<PackageRecord> packages)
    {
        var table = NewTable("Package", "State", "Why");
        foreach (var package in packages)
        {
            AddRow(table, NameOf(package), package.State.ToString(), Explain(package));
        }

        return table;
    }

    private static string NameOf(PackageRecord package) => package.Package?.FullName ?? package.Drop;

    private static string Explain(PackageRecord package) => package.Code is not null
        ? $"{package.Code}: {package.Message}"
        : string.Join('\n', package.Notes.Where(note => note.IsWarning).Select(note => note.Message));

    private static Table NewTable(params string[] columns) => new Table().RoundedBorder().AddColumns(columns);

    private static void AddRow(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));
}
