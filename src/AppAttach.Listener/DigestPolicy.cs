namespace AppAttach.Listener;

/// <summary>How an image file is proven to be the one a command means, before it is mounted.</summary>
public enum DigestPolicy
{
    /// <summary>The whole file is read and its SHA-256 compared. There is no weaker policy: a share is not trusted.</summary>
    Full,
}
