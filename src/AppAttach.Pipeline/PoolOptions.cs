namespace AppAttach.Pipeline;

/// <summary>A named set of hosts in one region.</summary>
/// <param name="Name">The pool's name.</param>
/// <param name="Region">The region whose share its hosts read.</param>
public sealed record PoolOptions(string Name, string Region);
