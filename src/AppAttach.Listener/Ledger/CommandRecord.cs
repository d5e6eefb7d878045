using AppAttach.Contracts;

namespace AppAttach.Listener.Ledger;

/// <summary>What the ledger knows of one command.</summary>
/// <param name="CommandId">The command's id.</param>
/// <param name="StartedAt">When it was first begun, by the host's clock.</param>
/// <param name="Outcome">What became of it; null while nobody knows.</param>
internal sealed record CommandRecord(string CommandId, DateTimeOffset StartedAt, CommandOutcome? Outcome);
