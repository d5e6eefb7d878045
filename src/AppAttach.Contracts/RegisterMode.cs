namespace AppAttach.Contracts;

/// <summary>When users get a package that is staged.</summary>
public enum RegisterMode
{
    /// <summary>Users who are signed in get it now, others when they sign in.</summary>
    Logon,

    /// <summary>Users get it when they first ask for it.</summary>
    OnDemand,

    /// <summary>Every user whom the host knows gets it now.</summary>
    Now,
}
