namespace AppAttach.Api.Access;

/// <summary>Who calls.</summary>
/// <param name="Role">What the caller may do.</param>
/// <param name="Name">Name for the record of requests; null: not known.</param>
/// <param name="HasKey">Whether it is known by a key; if not, it sits at this machine.</param>
public sealed record ApiCaller(ApiRole Role, string? Name, bool HasKey);
