using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Intake;

/// <summary>How a publishing ended.</summary>
/// <param name="InstanceId">Its instance id.</param>
/// <param name="Drop">The dropped package.</param>
/// <param name="State">Final state.</param>
/// <param name="Package">The package, if its manifest could be read.</param>
/// <param name="Reason">Why it was refused or failed, if it was.</param>
public sealed record RecordVerdictInput(string InstanceId, PackageDrop Drop, PackageState State, PackageReference? Package, Rejection? Reason);

/// <summary>It is recorded.</summary>
public sealed record RecordVerdictResult;

/// <summary>Writes the end of a publishing where people look: the catalog, the topic <c>events</c>, and beside the dropped file.</summary>
/// <param name="catalog">Takes the verdict.</param>
/// <param name="events">Takes the event.</param>
/// <param name="inbox">Where the package lies.</param>
/// <param name="clock">The clock.</param>
public sealed class RecordVerdictActivity(ICatalog catalog, IEventSender events, IPackageInbox inbox, TimeProvider clock)
    : IActivity<RecordVerdictInput, RecordVerdictResult>
{
    /// <inheritdoc/>
    public async Task<RecordVerdictResult> RunAsync(RecordVerdictInput input, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var record = await catalog.UpdateAsync<PackageRecord>(
            DocumentKinds.Packages,
            input.InstanceId,
            current => (current ?? PackageRecord.Begin(input.InstanceId, input.Drop, now)) with
            {
                State = input.State,
                Package = input.Package ?? current?.Package,
                Code = input.Reason?.Code,
                Message = input.Reason?.Message,
                UpdatedAt = now,
            },
            cancellationToken);

        var (type, mark) = input.State switch
        {
            PackageState.Released or PackageState.PartlyReleased => (MessageTypes.ReleaseAvailable, "released"),
            PackageState.Rejected => (MessageTypes.PackageRejected, "rejected"),
            _ => (MessageTypes.PackageFailed, "failed"),
        };
        var message = input.Reason?.Message ?? $"{input.Package!.FullName} is available in every region.";
        await events.SendAsync(
            type,
            input.InstanceId + "-verdict",
            new PipelineEvent { Package = input.Package, Drop = input.Drop.Name, Code = input.Reason?.Code, Message = message, RequestedBy = record.RequestedBy },
            cancellationToken);

        var detail = input.Reason is { } reason ? $"{reason.Code}: {reason.Message}" : input.Package!.FullName;
        await inbox.MarkAsync(input.Drop, mark, detail, cancellationToken);
        return new RecordVerdictResult();
    }
}
