namespace AppAttach.Contracts;

/// <summary>When users get a package that is staged.</summary>
public enum RegisterMode
{
    /// <summary>Users who are signed in get it now, within their own session; others when they sign in.</summary>
    Logon,

    /// <summary>
    /// It is offered: a user gets it when he asks for it (<c>appattach-listener get</c>), and from then on each version that takes its place.
    /// Whoever has another version of the family has asked for it. The command succeeds when the offer is made.
    /// </summary>
    OnDemand,

    /// <summary>
    /// As <see cref="Logon"/>; where it is for everyone, Windows is told besides to give it to users by itself when they sign in, so that they get
    /// it also while the listener does not run. For named users it is the same as <see cref="Logon"/>: Windows registers for nobody who is not signed in.
    /// </summary>
    Now,
}
