namespace AppAttach.Api.Access;

/// <summary>Says of a path what its callers must be.</summary>
/// <param name="Role">The least role.</param>
internal sealed record NeededRole(ApiRole Role);
