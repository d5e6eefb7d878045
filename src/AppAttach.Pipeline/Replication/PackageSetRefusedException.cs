namespace AppAttach.Pipeline.Replication;

/// <summary>Packages cannot be grouped as asked for; the message says why, with the numbers, and what to do.</summary>
public sealed class PackageSetRefusedException : Exception
{
    /// <summary>Makes the exception.</summary>
    public PackageSetRefusedException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Why, as a sentence.</param>
    public PackageSetRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Why, as a sentence.</param>
    /// <param name="innerException">What led to it.</param>
    public PackageSetRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
