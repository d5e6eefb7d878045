using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Why a rollout does not go on.</summary>
/// <param name="State">What it is from now on: halted or superseded.</param>
/// <param name="Reason">Why.</param>
public sealed record RolloutStop(RolloutState State, Rejection Reason);

/// <summary>Tells a ring to ask again whether to go on.</summary>
/// <param name="By">Who caused it, for people who read the history.</param>
public sealed record RolloutSignal(string By);
