using Microsoft.AspNetCore.Http;

namespace AppAttach.Api.Access;

/// <summary>
/// Tells calls that a web page of another origin makes, wherever its browser runs, by headers that no page can set: <c>Sec-Fetch-Site</c> (W3C Fetch
/// Metadata) and, where a browser sends none, <c>Origin</c>.
/// </summary>
internal static class ForeignPages
{
    /// <summary>Whether a page of another origin calls.</summary>
    public static bool Call(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        return site.Length > 0
            ? site is not ("same-origin" or "none")
            : origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
