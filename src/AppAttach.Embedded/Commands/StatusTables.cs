using System.Globalization;
using AppAttach.Api.Answers;
using AppAttach.Api.Views;
using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AppAttach.Embedded.Commands;

/// <summary>The state of the fleet as tables for a terminal.</summary>
internal static class StatusTables
{
    /// <summary>The overview, and hosts.</summary>
    public static IRenderable Of(FleetOverview overview, ApiPage<HostRecord> some)
    {
        var hosts = NewTable("Host", "Pool", "Last seen (UTC)", "Packages", "Note");
        foreach (var host in some.Items)
        {
            AddRow(hosts, host.Hello.Host, string.Join(", ", host.Hello.Pools), $"{host.LastSeenAt:u}", string.Join(", ", host.Hello.Inventory.Select(item => item.PackageFullName)), host.Note ?? "");
        }

        return some.After is null
            ? new Rows(OfOverview(overview), hosts)
            : new Rows(OfOverview(overview), hosts, new Text($"{some.Total - some.Items.Count} more hosts: appattach hosts"));
    }

    /// <summary>What changes and needs a look, short enough to stay on the screen of a large fleet.</summary>
    public static IRenderable OfOverview(FleetOverview overview)
    {
        var rollouts = NewTable("Rollout", "Pool", "State", "Rings");
        foreach (var rollout in overview.Rollouts)
        {
            AddRow(rollouts, rollout.Package.FullName, rollout.Pool, KebabCaseName.Of(rollout.State), string.Join("; ", rollout.Rings.Select(ring =>
                $"{ring.Name}: {ring.Standing}{(ring.Hosts > 0 ? string.Create(CultureInfo.InvariantCulture, $" {ring.Succeeded} of {ring.Hosts} hosts") : "")}{(ring.Failed > 0 ? $", {ring.Failed} failed" : "")}")));
        }

        var pools = NewTable("Pool", "Hosts", "Settled", "Working", "Failing", "Unready", "Silent");
        foreach (var pool in overview.Pools)
        {
            AddRow(pools, [pool.Name, $"{pool.Hosts}", .. pool.States.Values.Select(count => $"{count}")]);
        }

        return new Rows(Attention(overview), Packages(overview.Packages), rollouts, pools);
    }

    private static IRenderable Attention(FleetOverview overview)
    {
        if (overview.Attention.Count == 0)
        {
            return new Text("Nothing needs you.");
        }

        var table = NewTable("Needs you", "Code", "What happened", "What to do");
        foreach (var item in overview.Attention)
        {
            AddRow(table, item.Title, item.Code ?? "", item.Message, item.NextStep);
        }

        return table;
    }

    private static Table Packages(IEnumerable<PackageRecord> packages)
    {
        var table = NewTable("Package", "State", "Why");
        foreach (var package in packages)
        {
            AddRow(table, NameOf(package), KebabCaseName.Of(package.State), Explain(package));
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
