namespace AppAttach.Listener.Bus;

/// <summary>Gives the tokens that the bus asks for.</summary>
internal interface IBusToken : IDisposable
{
    /// <summary>A token that is good for some minutes at least: the value of the header <c>Authorization</c>.</summary>
    /// <exception cref="BusException">None is to be had now.</exception>
    ValueTask<string> GetAsync(CancellationToken cancellationToken);

    /// <summary>The bus has refused the token: the next one is made afresh.</summary>
    void Forget();
}
