using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AppAttach.Pipeline.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AppAttach.Api.Answers;

/// <summary>What every part of the API has in common: documents with ETags, and pages of lists.</summary>
internal static class ApiAnswers
{
    /// <summary>Items on a page at most.</summary>
    public const int LargestPage = 1_000;

    /// <summary>The filter that is content with a part of the text; the others want all of it.</summary>
    public const string Search = "search";

    /// <summary>Items on a page unless asked otherwise.</summary>
    public const int PageUnlessAsked = 100;

    /// <summary>A document with an ETag made of its content: 304 if the caller has it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="document">The document; null: 404.</param>
    /// <returns>The answer.</returns>
    public static IResult Document(HttpContext context, object? document)
    {
        if (document is null)
        {
            return Problems.NotFound("There is no such document.");
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(document, OrchestrationJson.Options);
        var etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\"";
        context.Response.Headers.ETag = etag;
        return context.Request.Headers.IfNoneMatch.Contains(etag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(json, "application/json; charset=utf-8");
    }

    /// <summary>A page of a list: <c>?after=KEY&amp;limit=N</c> asks for what follows a key, other parameters keep what fits them, <c>search</c> what has its text in it.</summary>
    /// <typeparam name="TItem">Type of the items.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="items">All items.</param>
    /// <param name="keyOf">The key of an item; pages follow its order.</param>
    /// <param name="filters">What may be asked of an item; of several values one has to fit.</param>
    /// <returns>The answer: the items, how many there are in all, and the key to go on after.</returns>
    public static IResult Page<TItem>(
        HttpContext context, IEnumerable<TItem> items, Func<TItem, string> keyOf, IReadOnlyDictionary<string, Func<TItem, StringValues>> filters) =>
        Cut(context, items, keyOf, filters, out var page) ?? Document(context, page);

    /// <summary>A page of a list whose items are shown otherwise than they are found; only those on the page are made so.</summary>
    /// <typeparam name="TItem">Type of the items.</typeparam>
    /// <typeparam name="TShown">Type they are shown as.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="items">All items.</param>
    /// <param name="keyOf">The key of an item.</param>
    /// <param name="filters">What may be asked of an item; of several values one has to fit.</param>
    /// <param name="show">Shows items.</param>
    /// <returns>The answer.</returns>
    public static async Task<IResult> PageAsync<TItem, TShown>(
        HttpContext context,
        IEnumerable<TItem> items,
        Func<TItem, string> keyOf,
        IReadOnlyDictionary<string, Func<TItem, StringValues>> filters,
        Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TShown>>> show) =>
        Cut(context, items, keyOf, filters, out var page) ?? Document(context, new ApiPage<TShown>(await show(page!.Items), page.Total, page.After));

    /// <summary>Cuts the page that is asked for out of a list; null: it is there, otherwise what is wrong with the question.</summary>
    private static IResult? Cut<TItem>(
        HttpContext context,
        IEnumerable<TItem> items,
        Func<TItem, string> keyOf,
        IReadOnlyDictionary<string, Func<TItem, StringValues>> filters,
        out ApiPage<TItem>? page)
    {
        page = null;
        var limit = PageUnlessAsked;
        string? after = null;
        foreach (var (name, values) in context.Request.Query)
        {
            var value = values.ToString();
            if (name == "limit")
            {
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is 0 or > LargestPage)
                {
                    return Problems.Invalid($"limit is {value}; 1 to {LargestPage} are allowed.");
                }
            }
            else if (name == "after")
            {
                after = value;
            }
            else if (filters.GetValueOrDefault(name) is { } filter)
            {
                items = items.Where(item => filter(item).Any(own => name == Search
                    ? own?.Contains(value, StringComparison.OrdinalIgnoreCase) == true
                    : string.Equals(own, value, StringComparison.OrdinalIgnoreCase)));
            }
            else
            {
                return Problems.Invalid($"This list knows no parameter {name}; it knows {string.Join(", ", ["after", "limit", .. filters.Keys])}.");
            }
        }

        var all = items.Select(item => (Key: keyOf(item), Item: item)).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var rest = after is null ? all : all.SkipWhile(pair => string.CompareOrdinal(pair.Key, after) <= 0).ToList();
        page = new ApiPage<TItem>([.. rest.Take(limit).Select(pair => pair.Item)], all.Count, rest.Count > limit ? rest[limit - 1].Key : null);
        return null;
    }
}
