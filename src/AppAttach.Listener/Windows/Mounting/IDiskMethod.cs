namespace AppAttach.Listener.Windows.Mounting;

/// <summary>Makes a volume of an image file and takes it away again.</summary>
internal interface IDiskMethod
{
    /// <summary>Attaches the image read-only and waits for its volume.</summary>
    /// <returns>The volume: <c>\\?\Volume{GUID}\</c>.</returns>
    /// <exception cref="CommandFailedException">It cannot be attached, or has no volume.</exception>
    Task<string> AttachAsync(WindowsMountRecord mount);

    /// <summary>Detaches the image; one that is not attached is left so.</summary>
    /// <exception cref="CommandFailedException">It is still attached.</exception>
    void Detach(WindowsMountRecord mount);
}
