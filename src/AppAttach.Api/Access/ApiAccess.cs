using System.Net;
using System.Security.Cryptography;
using System.Text;
using AppAttach.Contracts;
using Microsoft.AspNetCore.Http;

namespace AppAttach.Api.Access;

/// <summary>
/// Judges who calls. A caller on this machine needs no key; anyone else needs one, over TLS. A web page under a name that was made to point
/// here (DNS rebinding) is known by the header <c>Host</c>.
/// </summary>
/// <param name="options">The keys.</param>
/// <param name="clock">The clock, for the end of sessions.</param>
public sealed class ApiAccess(ApiAccessOptions options, TimeProvider clock) : IApiAccess
{
    /// <summary>Header with the name of who asks: believed as far as the caller is.</summary>
    public const string ByHeader = "Requested-By";

    private const int LongestName = 100;
    private const string Scheme = "Bearer ";

    /// <inheritdoc/>
    public string? SignInPath => null;

    /// <inheritdoc/>
    public AccessVerdict Judge(HttpContext context, ApiRole needed)
    {
        var request = context.Request;
        if (ForeignPages.IsOfAnotherOrigin(request))
        {
            return ForeignPages.Refusal;
        }

        var isLocal = IsLocal(context);
        if (!isLocal && needed > ApiRole.None && !request.IsHttps && !options.AllowsPlainHttp)
        {
            return AccessVerdict.Refuse(
                StatusCodes.Status403Forbidden, ErrorCodes.AccessDenied, "From another machine the API is served over HTTPS only, unless the settings allow plain HTTP.");
        }

        var keyed = RoleByKey(request);
        var role = keyed ?? (isLocal ? ApiRole.Operator : ApiRole.None);
        if (role >= needed)
        {
            var name = request.Headers[ByHeader].ToString();
            return AccessVerdict.Allow(new ApiCaller(role, name.Length is > 0 and <= LongestName && !name.Any(char.IsControl) ? name : null, keyed is null ? CallerProof.Machine : CallerProof.Key));
        }

        return role == ApiRole.None
            ? AccessVerdict.Refuse(StatusCodes.Status401Unauthorized, ErrorCodes.SignInRequired, request.Headers.Authorization.Count > 0 ? "That key is not known here." : "Sign in with a key: Authorization: Bearer KEY.")
            : AccessVerdict.Refuse(StatusCodes.Status403Forbidden, ErrorCodes.AccessDenied, "This needs the key of an operator.");
    }

    /// <inheritdoc/>
    public string? BeginSession(HttpRequest request) =>
        RoleOfBearer(request) is { } role ? SessionCookie.Make(role, KeyOf(role), clock.GetUtcNow()) : null;

    /// <summary>Whether the call was made on this machine, by a name that only this machine has, and was not passed on by a proxy.</summary>
    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller)
        && (context.Request.Host.Host == "localhost" || (IPAddress.TryParse(context.Request.Host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
        && !context.Request.Headers.ContainsKey("X-Forwarded-For")
        && !context.Request.Headers.ContainsKey("Forwarded");

    private static bool IsSame(string given, string key) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private string KeyOf(ApiRole role) => role == ApiRole.Operator ? options.OperatorKey : options.ReaderKey;

    /// <summary>The role that a key or a session gives; a key that is not known gives none, not even on this machine.</summary>
    private ApiRole? RoleByKey(HttpRequest request)
    {
        if (request.Headers.Authorization.Count > 0)
        {
            return RoleOfBearer(request) ?? ApiRole.None;
        }

        return request.Cookies[SessionCookie.Name] is { } cookie ? SessionCookie.Read(cookie, KeyOf, clock.GetUtcNow()) : null;
    }

    private ApiRole? RoleOfBearer(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var key = header[Scheme.Length..].Trim();
        return IsSame(key, options.OperatorKey) ? ApiRole.Operator : IsSame(key, options.ReaderKey) ? ApiRole.Reader : null;
    }
}
