namespace AppAttach.Listener.Diagnostics;

/// <summary>An HRESULT in plain words.</summary>
/// <param name="HResult">The number.</param>
/// <param name="Words">What it means here, a sentence.</param>
/// <param name="NextStep">What to do about it, a sentence.</param>
internal sealed record WindowsError(int HResult, string Words, string NextStep);
