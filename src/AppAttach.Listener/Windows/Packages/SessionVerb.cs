namespace AppAttach.Listener.Windows.Packages;

/// <summary>What is done in a user's session.</summary>
internal enum SessionVerb
{
    /// <summary>The user gets a staged package.</summary>
    Register,

    /// <summary>The user loses a package.</summary>
    Deregister,
}
