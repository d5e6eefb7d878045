using System.Security.Cryptography;
using AppAttach.Api.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace AppAttach.Api.Endpoints;

/// <summary>The page: files that lie in this assembly, served as they are.</summary>
internal static class PageEndpoints
{
    private const string ResourcePrefix = "Page/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8", [".css"] = "text/css; charset=utf-8", [".js"] = "text/javascript; charset=utf-8", [".svg"] = "image/svg+xml",
    };

    public static void MapPage(this IEndpointRouteBuilder host)
    {
        var assembly = typeof(PageEndpoints).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var etag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"");
            var name = resource[ResourcePrefix.Length..];
            host.MapGet(name == "index.html" ? "/" : "/page/" + name, () => Results.File(content, Types[Path.GetExtension(name)], entityTag: etag))
                .WithMetadata(new PageEndpoint())
                .ExcludeFromDescription();
        }
    }
}
