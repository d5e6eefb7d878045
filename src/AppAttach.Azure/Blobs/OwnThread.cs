namespace AppAttach.Azure.Blobs;

/// <summary>
/// Runs blocking calls beside a caller that is itself synchronous (the image library reads and writes plain streams). Each gets a
/// thread of its own: a caller that blocks a thread of the pool never waits for another thread of the pool, so none can starve.
/// </summary>
internal static class OwnThread
{
    /// <summary>Runs a blocking call.</summary>
    /// <typeparam name="TResult">Type of its result.</typeparam>
    /// <param name="call">The call; it uses the synchronous methods of the SDK only.</param>
    /// <param name="cancellationToken">Given up before it has begun, or by the call itself.</param>
    /// <returns>Its result.</returns>
    public static Task<TResult> RunAsync<TResult>(Func<TResult> call, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            call, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
