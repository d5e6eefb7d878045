namespace AppAttach.Api.Access;

/// <summary>Says of a path that it is a part of the page, which anyone may fetch: it holds nothing of the fleet.</summary>
internal sealed record PageEndpoint;
