namespace AppAttach.Embedded.Engine;

/// <summary>Runs a new object of an activity's class.</summary>
/// <param name="input">The input as JSON.</param>
/// <param name="cancellationToken">The engine is stopping.</param>
/// <returns>The result as JSON.</returns>
internal delegate Task<string?> ActivityFunction(string? input, CancellationToken cancellationToken);
