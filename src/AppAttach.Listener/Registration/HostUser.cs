namespace AppAttach.Listener.Registration;

/// <summary>A user who is there now: a registration for him can be made or taken away.</summary>
/// <param name="Name">As registrations name him: on Windows his security identifier.</param>
/// <param name="Groups">The groups he is in, named in the same way; empty where the registrar does not know.</param>
internal sealed record HostUser(string Name, IReadOnlyList<string> Groups);
