namespace AppAttach.Pipeline.Orchestration;

/// <summary>
/// Has one effect, which may happen twice with one result. It throws for what may work later or needs a human; what is a
/// decision (a package was rejected) is part of the result. The class name is the name in every history.
/// </summary>
/// <typeparam name="TInput">Its input: one record.</typeparam>
/// <typeparam name="TResult">Its result: one record.</typeparam>
public interface IActivity<in TInput, TResult>
{
    /// <summary>Does it.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="cancellationToken">The host is stopping; the activity will run again.</param>
    /// <returns>Its result.</returns>
    Task<TResult> RunAsync(TInput input, CancellationToken cancellationToken);
}
