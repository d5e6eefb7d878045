using System.Text.Json;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Engine;

/// <summary>An activity, sub-orchestration or external event that an orchestrator waits for.</summary>
/// <typeparam name="TResult">Type of the result.</typeparam>
/// <param name="name">Its name.</param>
internal sealed class OpenCall<TResult>(string name) : OpenTask
{
    // Continuations may run inline: the step's thread is where they belong.
    private readonly TaskCompletionSource<TResult> _source = new();

    /// <summary>What the orchestrator awaits.</summary>
    public Task<TResult> Task => _source.Task;

    /// <inheritdoc/>
    public override void Complete(string? payload)
    {
        TResult result;
        try
        {
            result = EngineJson.Read<TResult>(payload);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            _source.TrySetException(exception);
            return;
        }

        _source.TrySetResult(result);
    }

    /// <inheritdoc/>
    public override void Fail(string errorType, string errorMessage) =>
        _source.TrySetException(new TaskFailedException(name, errorType, errorMessage));

    /// <summary>Ends it because the time for it is over.</summary>
    public void Cancel() => _source.TrySetCanceled();
}
