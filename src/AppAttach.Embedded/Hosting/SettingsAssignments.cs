using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Requests;

namespace AppAttach.Embedded.Hosting;

/// <summary>
/// Brings what the settings assign into the catalog, as requests of the file: what is new or changed there since it was last read, and what is gone. What stands
/// there unchanged has had its say, so that a later request of somebody else outlives the next start.
/// </summary>
/// <param name="catalog">Remembers what the file said.</param>
/// <param name="requests">Takes the requests.</param>
/// <param name="options">The pools.</param>
internal sealed class SettingsAssignments(ICatalog catalog, RequestHandler requests, PipelineOptions options)
{
    /// <summary>Kind of the documents that say what the file said last.</summary>
    private const string Kind = "settings-assignments";

    /// <summary>Asks for what changed.</summary>
    /// <param name="wanted">What the file says now.</param>
    /// <param name="cancellationToken">Stops between two requests; the next call goes on.</param>
    /// <returns>A task that completes when everything was asked for.</returns>
    public async Task ApplyAsync(IReadOnlyList<AssignmentRecord> wanted, CancellationToken cancellationToken)
    {
        var said = await catalog.ListAsync<Said>(Kind, cancellationToken).Select(entry => entry.Document).ToListAsync(cancellationToken);
        foreach (var gone in said.Where(one => !one.IsGone && !wanted.Any(each => IsSame(each, one.Assignment))))
        {
            await AskAsync(gone with { IsGone = true, Version = gone.Version + 1 }, cancellationToken);
        }

        foreach (var assignment in wanted)
        {
            var before = said.Find(one => IsSame(assignment, one.Assignment));
            if (before is null or { IsGone: true } || TextOf(before.Assignment) != TextOf(assignment))
            {
                await AskAsync(new Said(assignment, IsGone: false, (before?.Version ?? 0) + 1), cancellationToken);
            }
        }
    }

    private async Task AskAsync(Said said, CancellationToken cancellationToken)
    {
        if (options.FindPool(said.Assignment.Pool) is not null)
        {
            await requests.HandleAsync(RequestOf(said), cancellationToken);
        }
        else
        {
            // Nobody can ask for anything about a pool that is gone with its entry.
            await catalog.DeleteAsync(DocumentKinds.Assignments, KeyOf(said.Assignment), cancellationToken);
        }

        await catalog.UpdateAsync<Said>(Kind, KeyOf(said.Assignment), _ => said, cancellationToken);
    }

    /// <summary>The id is that of one change of one entry: cut off after it was handled, the next start asks with the same id, and nothing happens twice.</summary>
    private static PipelineRequest RequestOf(Said said)
    {
        var assignment = said.Assignment;
        var entry = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KeyOf(assignment))).AsSpan(0, 4));
        return new PipelineRequest
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"settings-{entry}-{said.Version}"),
            Verb = said.IsGone ? RequestVerb.Unassign : RequestVerb.Assign,
            RequestedBy = EmbeddedSettings.FileName,
            Family = assignment.Family,
            Pool = assignment.Pool,
            Terms = said.IsGone ? null : new AssignmentTerms
            {
                Users = assignment.Users,
                Mode = assignment.Mode,
                AutoUpdate = assignment.AutoUpdate,
                Rings = assignment.Rings,
                Gate = assignment.Gate,
                Windows = assignment.Windows,
            },
        };
    }

    private static bool IsSame(AssignmentRecord one, AssignmentRecord other) => string.Equals(KeyOf(one), KeyOf(other), StringComparison.OrdinalIgnoreCase);

    private static string KeyOf(AssignmentRecord assignment) => AssignmentRecord.KeyOf(assignment.Family, assignment.Pool);

    private static string TextOf(AssignmentRecord assignment) => JsonSerializer.Serialize(assignment, OrchestrationJson.Options);

    /// <summary>What the file said of one family and pool when it was last read.</summary>
    /// <param name="Assignment">The entry.</param>
    /// <param name="IsGone">Whether it was there no more.</param>
    /// <param name="Version">Counts its changes.</param>
    private sealed record Said(AssignmentRecord Assignment, bool IsGone, int Version);
}
