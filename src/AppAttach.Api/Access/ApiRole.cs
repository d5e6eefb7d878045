namespace AppAttach.Api.Access;

/// <summary>What a caller of the API may do; each may do what those before it may.</summary>
public enum ApiRole
{
    /// <summary>Nothing but fetch the page itself and sign in.</summary>
    None,

    /// <summary>Look.</summary>
    Reader,

    /// <summary>Drop packages, and ask for what changes the fleet.</summary>
    Operator,
}
