namespace AppAttach.Listener;

/// <summary>How an image file is proven to be the one a command means, before it is mounted. The README says what each costs.</summary>
public enum DigestPolicy
{
    /// <summary>The whole file is read and its SHA-256 compared, each time before it is mounted.</summary>
    Full,

    /// <summary>
    /// The first time as <see cref="Full"/>. Later, as after a reboot, the length and samples of the content are compared with those
    /// of the first time, and the whole file is read when the mounts stand.
    /// </summary>
    Sampled,
}
