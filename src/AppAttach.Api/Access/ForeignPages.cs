using AppAttach.Contracts;
using Microsoft.AspNetCore.Http;

namespace AppAttach.Api.Access;

/// <summary>
/// Tells calls that a web page of another origin makes, wherever its browser runs, by headers that no page can set: <c>Sec-Fetch-Site</c> (W3C Fetch
/// Metadata) and, where a browser sends none, <c>Origin</c>.
/// </summary>
internal static class ForeignPages
{
    /// <summary>What such a call is answered.</summary>
    public static AccessVerdict Refusal { get; } =
        AccessVerdict.Refuse(StatusCodes.Status403Forbidden, ErrorCodes.AccessDenied, "Pages of other origins may not call the API.");

    /// <summary>Whether a page of another origin calls.</summary>
    public static bool Call(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site.Length > 0 ? site is not ("same-origin" or "none") : IsOfAnotherOrigin(request);
    }

    /// <summary>Whether <c>Origin</c> names another address than the call's own, as this process sees that: behind a proxy it may see another one.</summary>
    public static bool IsOfAnotherOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
