using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Hosting;

/// <summary>What every part of the API has in common: who may call it, how it answers, pages and ETags.</summary>
internal static class ApiAnswers
{
    /// <summary>The API's paths start with this.</summary>
    public const string Prefix = "/api/v1";

    private const int LargestPage = 1_000;
    private const int PageUnlessAsked = 100;

    /// <summary>A group of paths for callers on this machine. From elsewhere the answer is 403: the API has no sign-in yet.</summary>
    /// <param name="host">The host.</param>
    /// <returns>The group.</returns>
    public static RouteGroupBuilder MapApi(this WebApplication host)
    {
        var group = host.MapGroup(Prefix);
        group.AddEndpointFilter((context, next) =>
            context.HttpContext.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller)
                ? next(context)
                : ValueTask.FromResult<object?>(Results.StatusCode(StatusCodes.Status403Forbidden)));
        return group;
    }

    /// <summary>A document with an ETag made of its content: 304 if the caller has it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="document">The document; null: 404.</param>
    /// <returns>The answer.</returns>
    public static IResult Document(HttpContext context, object? document)
    {
        if (document is null)
        {
            return Results.NotFound();
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(document, OrchestrationJson.Options);
        var etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\"";
        context.Response.Headers.ETag = etag;
        return context.Request.Headers.IfNoneMatch.Contains(etag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(json, "application/json; charset=utf-8");
    }

    /// <summary>A page of a list: <c>?after=KEY&amp;limit=N</c> asks for what follows a key.</summary>
    /// <typeparam name="TItem">Type of the items.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="items">All items, in the order of their keys.</param>
    /// <param name="keyOf">The key of an item.</param>
    /// <returns>The answer: the items, how many there are in all, and the key to go on after.</returns>
    public static IResult Page<TItem>(HttpContext context, IEnumerable<TItem> items, Func<TItem, string> keyOf)
    {
        var query = context.Request.Query;
        var limit = int.TryParse(query["limit"], out var asked) && asked is > 0 and <= LargestPage ? asked : PageUnlessAsked;
        var all = items.OrderBy(keyOf, StringComparer.Ordinal).ToList();
        var rest = query["after"].ToString() is { Length: > 0 } after
            ? all.SkipWhile(item => string.CompareOrdinal(keyOf(item), after) <= 0).ToList()
            : all;
        var page = rest.Take(limit).ToList();
        return Document(context, new ApiPage<TItem>(page, all.Count, rest.Count > limit ? keyOf(page[^1]) : null));
    }
}
