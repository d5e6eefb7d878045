using Windows.Foundation;
using Windows.Management.Deployment;

namespace AppAttach.Listener.Windows.Packages;

/// <summary>Waits for what the deployment service does.</summary>
internal static class Deployment
{
    // Staging in place copies nothing; minutes are for a service that has a queue.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a deployment operation to its end.</summary>
    /// <param name="code">The code of its failure.</param>
    /// <param name="what">What could not be done, without a full stop.</param>
    /// <param name="start">Starts it.</param>
    /// <param name="tolerated">HRESULTs that mean that it had been done before.</param>
    /// <exception cref="CommandFailedException">It failed.</exception>
    public static void Run(
        string code, string what, Func<IAsyncOperationWithProgress<DeploymentResult, DeploymentProgress>> start, params ReadOnlySpan<int> tolerated)
    {
        int failure;
        Exception? cause = null;
        var said = "";
        try
        {
            using var limit = new CancellationTokenSource(Limit);

            // Calls of the registrar do not overlap, and nothing else waits on this thread.
            var result = start().AsTask(limit.Token).GetAwaiter().GetResult();
            failure = result.ExtendedErrorCode?.HResult ?? 0;
            said = result.ErrorText;
        }
        catch (OperationCanceledException e)
        {
            throw new CommandFailedException(code, $"{what}: the deployment service did not end within {Limit.TotalMinutes} minutes. Look whether AppXSvc runs.", e);
        }
#pragma warning disable CA1031 // WinRT maps HRESULTs to exceptions of many types; the HRESULT is what counts.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e.HResult;
            said = e.Message;
            cause = e;
        }

        if (failure < 0 && !tolerated.Contains(failure))
        {
            throw WindowsFailure.Of(code, said.Length > 0 ? $"{what} ({said.ReplaceLineEndings(" ").Trim()})" : what, failure, cause);
        }
    }
}
