namespace AppAttach.Embedded.Engine;

/// <summary>Sees each of the engine's transactions, so that tests can end the process between any two of them.</summary>
internal interface ITransactionObserver
{
    /// <summary>A transaction is about to begin; what this throws prevents it.</summary>
    /// <param name="transaction">What it does, in a word.</param>
    void Before(string transaction);

    /// <summary>A transaction has been committed; what this throws hides that from the engine.</summary>
    /// <param name="transaction">What it did, in a word.</param>
    void After(string transaction);
}
