using AppAttach.Api.Answers;
using AppAttach.Api.Ports;
using AppAttach.Contracts;
using AppAttach.Pipeline.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace AppAttach.Api.Endpoints;

/// <summary>The part of the API that takes packages: <c>PUT /api/v1/inbox/NAME</c> with the package as the body, which is never held in memory.</summary>
internal static class InboxEndpoints
{
    private const int LongestName = 200;

    public static void MapInbox(this RouteGroupBuilder operators) => operators.MapPut("/inbox/{name}", HandleAsync)
        .WithSummary("Drops a package into the inbox. A file that is there already stays as it is.")
        .Accepts<byte[]>("application/octet-stream").Produces<Uploaded>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge);

    private static async Task<IResult> HandleAsync(HttpContext context, string name, IPackageUpload upload, CancellationToken cancellationToken)
    {
        if (!PackageDropHandler.IsPackageName(name))
        {
            return Problems.Of(
                StatusCodes.Status400BadRequest, ErrorCodes.NotAPackage, $"Names of packages end in {string.Join(", ", PackageDropHandler.Extensions)}.");
        }

        // What Windows cannot name is refused on every system: the inbox may lie on a share.
        if (name.Length > LongestName || name[0] is '.' or ' ' || name.Any(c => char.IsControl(c) || "/\\:*?\"<>|".Contains(c, StringComparison.Ordinal)))
        {
            return Problems.Of(
                StatusCodes.Status400BadRequest, ErrorCodes.UnsafeName, $"The name must have at most {LongestName} characters, and none of / \\ : * ? \" < > | or control characters.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = upload.LargestBytes == long.MaxValue ? null : upload.LargestBytes;
        }

        try
        {
            return await upload.UploadAsync(name, context.Request.Body, cancellationToken) is { } length
                ? Results.Json(new Uploaded(name, length), statusCode: StatusCodes.Status201Created)
                : Problems.Of(StatusCodes.Status409Conflict, ErrorCodes.StateConflict, $"The inbox has a file {name} already: remove it, or give this one another name.");
        }
        catch (InvalidDataException e)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, ErrorCodes.LimitExceeded, e.Message);
        }
    }

    /// <summary>A package that is in the inbox now.</summary>
    /// <param name="Name">Its file name.</param>
    /// <param name="SizeBytes">Its length, in bytes.</param>
    internal sealed record Uploaded(string Name, long SizeBytes);
}
