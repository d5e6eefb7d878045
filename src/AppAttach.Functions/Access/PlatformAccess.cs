using AppAttach.Api.Access;
using AppAttach.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace AppAttach.Functions.Access;

/// <summary>
/// Judges callers by what App Service authentication says of them: it stands before the app, signs people in at Microsoft Entra ID, checks tokens of
/// applications, and takes its own headers out of what comes from outside. All of that holds only while it is on, which the platform says in
/// <c>WEBSITE_AUTH_ENABLED</c>; otherwise nobody gets in.
/// Source: learn.microsoft.com/azure/app-service/configure-authentication-user-identities and reference-app-settings.
/// </summary>
/// <param name="configuration">The app's settings.</param>
internal sealed class PlatformAccess(IConfiguration configuration) : IApiAccess
{
    /// <summary>Setting that the platform makes: whether App Service authentication is on.</summary>
    public const string SwitchSetting = "WEBSITE_AUTH_ENABLED";

    /// <summary>App role of those who may look.</summary>
    public const string ReaderRole = "reader";

    /// <summary>App role of those who may do everything.</summary>
    public const string OperatorRole = "operator";

    private const string SignOutPath = "/.auth/logout?post_logout_redirect_uri=%2F.auth%2Flogin%2Faad%3Fpost_login_redirect_uri%3D%2F";

    private readonly bool _isOn = bool.TryParse(configuration[SwitchSetting], out var isOn) && isOn;

    /// <inheritdoc/>
    public string? SignInPath => _isOn ? "/.auth/login/aad?post_login_redirect_uri=/" : null;

    /// <inheritdoc/>
    public AccessVerdict Judge(HttpContext context, ApiRole needed)
    {
        var principal = _isOn ? ClientPrincipal.Read(context.Request.Headers[ClientPrincipal.Header]) : null;
        if (principal is null)
        {
            return needed == ApiRole.None
                ? AccessVerdict.Allow(new ApiCaller(ApiRole.None, null, CallerProof.Directory))
                : AccessVerdict.Refuse(
                    StatusCodes.Status401Unauthorized, ErrorCodes.SignInRequired, _isOn ? "Sign in with Microsoft Entra ID." : "Sign-in is not set up for this deployment.");
        }

        var role = principal.HasRole(OperatorRole) ? ApiRole.Operator : principal.HasRole(ReaderRole) ? ApiRole.Reader : ApiRole.None;
        return role >= needed
            ? AccessVerdict.Allow(new ApiCaller(role, principal.Name, CallerProof.Directory, SignOutPath))
            : AccessVerdict.Refuse(StatusCodes.Status403Forbidden, ErrorCodes.AccessDenied, $"This needs the app role {(needed == ApiRole.Operator ? OperatorRole : ReaderRole)}.");
    }

    /// <inheritdoc/>
    /// <remarks>There are no keys.</remarks>
    public string? BeginSession(HttpRequest request) => null;
}
