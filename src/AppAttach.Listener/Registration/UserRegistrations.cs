namespace AppAttach.Listener.Registration;

/// <summary>Content of <c>users/USER/registered.json</c>: what one user has.</summary>
/// <param name="User">The user, as commands name him; the folder's name may be an encoded form of it.</param>
/// <param name="Packages">The user's packages, ordered by full name.</param>
internal sealed record UserRegistrations(string User, IReadOnlyList<Registration> Packages);
