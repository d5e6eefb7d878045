using System.Text.Json;
using AppAttach.Api.Answers;
using AppAttach.Api.Ports;
using AppAttach.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AppAttach.Api.Access;

/// <summary>
/// Stands before every path of the API and the page: strict headers, who may call, and problems instead of exceptions. A path of the API that
/// does not say what it needs is for operators, and a path that does not exist is told of to readers only.
/// </summary>
/// <param name="access">Judges calls.</param>
/// <param name="upload">Says where else than here the page sends packages to.</param>
/// <param name="logger">Takes what should not have happened.</param>
internal sealed class AccessMiddleware(IApiAccess access, IPackageUpload upload, ILogger<AccessMiddleware> logger)
{
    private readonly string _contentPolicy =
        $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {ConnectSources(upload)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Lets a call through, or answers it.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var isApi = context.Request.Path.StartsWithSegments(FleetApi.Prefix, StringComparison.OrdinalIgnoreCase);
        if (!isApi && context.GetEndpoint()?.Metadata.GetMetadata<PageEndpoint>() is null)
        {
            await next(context);
            return;
        }

        SetHeaders(context.Response.Headers, isApi);
        if (!isApi)
        {
            await next(context);
            return;
        }

        var needed = context.GetEndpoint() is { } endpoint ? endpoint.Metadata.GetMetadata<NeededRole>()?.Role ?? ApiRole.Operator : ApiRole.Reader;
        var verdict = ForeignPages.Call(context.Request)
            ? ForeignPages.Refusal
            : access.Judge(context, needed);
        if (verdict.Caller is not { } caller)
        {
            await RefuseAsync(context, verdict);
            return;
        }

        context.Features.Set(caller);
        await AnswerAsync(context, next);
    }

    private static string ConnectSources(IPackageUpload upload) =>
        upload.Elsewhere is { } elsewhere ? $"'self' {elsewhere.GetLeftPart(UriPartial.Authority)}" : "'self'";

    private async Task RefuseAsync(HttpContext context, AccessVerdict verdict)
    {
        var isUnknown = verdict.Status == StatusCodes.Status401Unauthorized;
        if (isUnknown)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        KeyValuePair<string, object?>[] more = isUnknown && access.SignInPath is { } path ? [new("signIn", path)] : [];
        await Problems.Of(verdict.Status, verdict.Code!, verdict.Message!, more).ExecuteAsync(context);
    }

    private void SetHeaders(IHeaderDictionary headers, bool isApi)
    {
        headers.ContentSecurityPolicy = _contentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = isApi ? "private, no-cache" : "no-cache";
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        IResult problem;
        try
        {
            await next(context);
            if (context.GetEndpoint() is not null || context.Response.HasStarted)
            {
                return;
            }

            problem = Problems.NotFound($"The API has no path {context.Request.Path}.");
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            logger.CallerGone(e.Message);
            return;
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            problem = Problems.Of(
                e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorCodes.LimitExceeded : ErrorCodes.MessageInvalid, e.Message);
        }
        catch (Exception e) when (e is MessageInvalidException or JsonException && !context.Response.HasStarted)
        {
            problem = Problems.Invalid(e.Message);
        }
#pragma warning disable CA1031 // What was not foreseen is logged whole and answered without a word of how the host is made.
        catch (Exception e) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            logger.CallFailed(e, context.Request.Method, context.Request.Path);
            problem = Problems.Of(StatusCodes.Status500InternalServerError, ErrorCodes.Internal, "The host failed to answer; its log says why.");
        }

        await problem.ExecuteAsync(context);
    }
}
