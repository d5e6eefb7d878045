namespace AppAttach.Fuzzing;

/// <summary>What became of a package.</summary>
/// <param name="Result">How it ended: <c>accepted, …</c>, or the code it was refused with and where.</param>
/// <param name="Message">Why it was refused, or null.</param>
/// <param name="Failure">What must not happen and did, or null.</param>
/// <param name="ProcessorTime">Processor time of the whole process, which does nothing else meanwhile.</param>
/// <param name="AllocatedBytes">Bytes that all threads allocated on the managed heap.</param>
public sealed record FuzzOutcome(string Result, string? Message, string? Failure, TimeSpan ProcessorTime, long AllocatedBytes);
