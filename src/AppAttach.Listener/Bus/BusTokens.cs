using AppAttach.Listener.Settings;

namespace AppAttach.Listener.Bus;

/// <summary>Chooses what the settings ask for.</summary>
internal static class BusTokens
{
    /// <summary>Makes the source of tokens.</summary>
    public static IBusToken Make(ListenerOptions options, TimeProvider clock) => options.Identity == IdentityKind.Key
        ? new SharedAccessToken(options.BusBase, options.KeyName, BusKey.Read(options, out _), clock)
        : new IdentityToken(IdentityEndpoint.Of(options.Identity), options.IdentityClientId, clock);
}
