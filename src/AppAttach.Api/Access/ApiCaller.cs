namespace AppAttach.Api.Access;

/// <summary>Who calls.</summary>
/// <param name="Role">What the caller may do.</param>
/// <param name="Name">Name for the record of requests; null: not known.</param>
/// <param name="Proof">What it is known by.</param>
/// <param name="SignOutPath">Where a browser goes to sign out; null: it ends the session here, if it has one.</param>
public sealed record ApiCaller(ApiRole Role, string? Name, CallerProof Proof, string? SignOutPath = null);
