using AppAttach.Contracts;

namespace AppAttach.Listener;

/// <summary>Held by the one process that changes a state folder.</summary>
internal static class StateLock
{
    /// <summary>Takes the lock; it ends with the process however that ends.</summary>
    /// <returns>To be disposed of.</returns>
    /// <exception cref="CommandFailedException">Another process has it.</exception>
    public static IDisposable Take(string stateFolder)
    {
        Directory.CreateDirectory(stateFolder);
        try
        {
            return new FileStream(Path.Combine(stateFolder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new CommandFailedException(
                ErrorCodes.InUse, $"A listener runs on {stateFolder}: it looks after the machine by itself. To run another, stop it first.", e);
        }
    }
}
