using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Planning;

namespace AppAttach.Api.Views;

/// <summary>What views of many hosts need of one; a host's whole document is some ten kilobytes.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Pools">Its pools: the first is its own, the others it is in besides.</param>
/// <param name="LastSeenAt">When it was heard last.</param>
/// <param name="Note">What should be mended on it.</param>
/// <param name="IsReady">Whether it was welcomed and has nothing to mend.</param>
/// <param name="IsWaiting">Whether a command is out and not answered.</param>
/// <param name="Failure">The first of its commands that failed; null: none did.</param>
/// <param name="Packages">Full names of what it has, with whether it is mounted and whether somebody has it registered.</param>
internal sealed record HostLook(
    string Host,
    string[] Pools,
    DateTimeOffset LastSeenAt,
    string? Note,
    bool IsReady,
    bool IsWaiting,
    SentCommand? Failure,
    IReadOnlyList<(string FullName, bool IsMounted, bool IsRegistered)> Packages)
{
    /// <summary>Takes it from a host's document.</summary>
    public static HostLook Of(HostRecord host) => new(
        host.Hello.Host,
        [.. host.Hello.Pools],
        host.LastSeenAt,
        host.Note,
        host is { Note: null, IsWelcomed: true },
        host.Commands.Any(command => command.Result is null),
        host.Commands.FirstOrDefault(command => command.Code is not null),
        [.. host.Hello.Inventory.Select(item => (item.PackageFullName, item.IsMounted, HostDifference.HasUsers(item)))]);

    /// <summary>Whether it is in a pool.</summary>
    public bool IsIn(string pool) => Pools.Contains(pool, StringComparer.OrdinalIgnoreCase);
}
