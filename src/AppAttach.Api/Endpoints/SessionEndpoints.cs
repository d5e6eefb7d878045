using AppAttach.Api.Access;
using AppAttach.Api.Answers;
using AppAttach.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AppAttach.Api.Endpoints;

/// <summary>The part of the API about who calls.</summary>
internal static class SessionEndpoints
{
    /// <summary>Who the caller is, and the end of a session.</summary>
    public static void MapSession(this RouteGroupBuilder readers) => readers.MapGet("/session", (HttpContext context) =>
        Results.Ok(context.Features.Get<ApiCaller>())).WithSummary("Says who the caller is.").Produces<ApiCaller>();

    /// <summary>The begin of a session.</summary>
    public static void MapSignIn(this RouteGroupBuilder api)
    {
        api.MapPost("/session", (HttpContext context, IApiAccess access) =>
        {
            if (access.BeginSession(context.Request) is not { } cookie)
            {
                return Problems.Of(StatusCodes.Status401Unauthorized, ErrorCodes.SignInRequired, "That key is not known here.");
            }

            context.Response.Cookies.Append(SessionCookie.Name, cookie, Options(context));
            return Results.NoContent();
        }).WithMetadata(new NeededRole(ApiRole.Reader)).WithSummary("Begins a session in a browser: gives a cookie for the key in Authorization.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status401Unauthorized);
        api.MapDelete("/session", (HttpContext context) =>
        {
            context.Response.Cookies.Delete(SessionCookie.Name, Options(context));
            return Results.NoContent();
        }).WithMetadata(new NeededRole(ApiRole.None)).WithSummary("Ends the session of a browser.").Produces(StatusCodes.Status204NoContent);
    }

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", MaxAge = SessionCookie.Lifetime,
    };
}
