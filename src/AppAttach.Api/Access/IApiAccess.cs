using Microsoft.AspNetCore.Http;

namespace AppAttach.Api.Access;

/// <summary>Judges who calls; a host has the one that fits how its callers are known.</summary>
public interface IApiAccess
{
    /// <summary>Where a browser goes to sign in; null: the page asks for a key.</summary>
    string? SignInPath { get; }

    /// <summary>Judges a call.</summary>
    /// <param name="context">The call.</param>
    /// <param name="needed">What it asks to be allowed.</param>
    /// <returns>Who calls, or why it is refused.</returns>
    AccessVerdict Judge(HttpContext context, ApiRole needed);

    /// <summary>A session for whoever brought a key, to be kept in the browser's cookie.</summary>
    /// <param name="request">The request, with the key.</param>
    /// <returns>The cookie's value; null: there was no key that is known.</returns>
    string? BeginSession(HttpRequest request);
}
