using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Storage;

/// <summary>Work that waits for its turn to write, and who waits for it.</summary>
internal abstract class SqliteWork
{
    /// <summary>Whether nobody wants it any more; if so, whoever waited is told.</summary>
    /// <returns>True: it must not be run.</returns>
    public abstract bool IsCancelled();

    /// <summary>Runs it.</summary>
    /// <param name="connection">The connection, in a transaction.</param>
    /// <returns>False: it has thrown, and what it did is to be undone.</returns>
    public abstract bool TryRun(SqliteConnection connection);

    /// <summary>What it did is kept: tells whoever waits, also what it has thrown.</summary>
    public abstract void End();

    /// <summary>What it did could not be kept.</summary>
    /// <param name="exception">Why.</param>
    public abstract void Fail(Exception exception);
}

/// <summary>Work with a result.</summary>
/// <typeparam name="TResult">Type of the result.</typeparam>
/// <param name="work">The work.</param>
/// <param name="cancellationToken">Takes it back, as long as it has not begun.</param>
internal sealed class SqliteWork<TResult>(Func<SqliteConnection, TResult> work, CancellationToken cancellationToken) : SqliteWork
{
    private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _returned;
    private Exception? _thrown;

    /// <summary>What the work returned, once it is kept.</summary>
    public Task<TResult> Result => _result.Task;

    /// <inheritdoc/>
    public override bool IsCancelled() => cancellationToken.IsCancellationRequested && _result.TrySetCanceled(cancellationToken);

    /// <inheritdoc/>
    public override bool TryRun(SqliteConnection connection)
    {
        try
        {
            _returned = work(connection);
            return true;
        }
#pragma warning disable CA1031 // It is thrown again at whoever waits.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _thrown = e;
            return false;
        }
    }

    /// <inheritdoc/>
    public override void End()
    {
        if (_thrown is null)
        {
            _result.SetResult(_returned!);
        }
        else
        {
            _result.SetException(_thrown);
        }
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => _result.SetException(_thrown ?? exception);
}
