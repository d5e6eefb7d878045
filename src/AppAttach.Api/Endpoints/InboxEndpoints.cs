using System.Globalization;
using AppAttach.Api.Answers;
using AppAttach.Api.Ports;
using AppAttach.Contracts;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace AppAttach.Api.Endpoints;

/// <summary>
/// The part of the API that takes packages: <c>POST /api/v1/inbox</c> says where to send one, and <c>PUT /api/v1/inbox/NAME</c> takes it as the body,
/// which is never held in memory.
/// </summary>
internal static class InboxEndpoints
{
    public static void MapInbox(this RouteGroupBuilder operators)
    {
        operators.MapPost("/inbox", FindPlaceAsync)
            .WithSummary("Says where to send a package of a name and length.")
            .Accepts<PackageToSend>("application/json").Produces<UploadPlace>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        operators.MapPut("/inbox/{name}", UploadAsync)
            .WithSummary("Drops a package into the inbox. A file that is there already stays as it is.")
            .Accepts<byte[]>("application/octet-stream").Produces<Uploaded>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge);
    }

    private static async Task<IResult> FindPlaceAsync(HttpContext context, IPackageUpload upload, CancellationToken cancellationToken)
    {
        var package = await context.Request.ReadFromJsonAsync<PackageToSend>(OrchestrationJson.Options, cancellationToken);
        if (package is not { Name: not null, SizeBytes: >= 0 })
        {
            return Problems.Invalid("name and sizeBytes are missing.");
        }

        if (Refuse(package.Name) is { } problem)
        {
            return problem;
        }

        if (package.SizeBytes > upload.LargestBytes)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, ErrorCodes.LimitExceeded, string.Create(
                CultureInfo.InvariantCulture, $"The package has {package.SizeBytes:N0} bytes; the policy takes {upload.LargestBytes:N0} at most."));
        }

        return await upload.FindPlaceAsync(package.Name, cancellationToken) is { } place ? Results.Json(place, OrchestrationJson.Options) : IsThere(package.Name);
    }

    private static async Task<IResult> UploadAsync(HttpContext context, string name, IPackageUpload upload, CancellationToken cancellationToken)
    {
        if (Refuse(name) is { } problem)
        {
            return problem;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = upload.LargestBytes == long.MaxValue ? null : upload.LargestBytes;
        }

        try
        {
            return await upload.UploadAsync(name, context.Request.Body, cancellationToken) is { } length
                ? Results.Json(new Uploaded(name, length), statusCode: StatusCodes.Status201Created)
                : IsThere(name);
        }
        catch (InvalidDataException e)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, ErrorCodes.LimitExceeded, e.Message);
        }
    }

    private static IResult IsThere(string name) =>
        Problems.Of(StatusCodes.Status409Conflict, ErrorCodes.StateConflict, $"The inbox has a file {name} already: remove it, or give this one another name.");

    private static IResult? Refuse(string name) => PackageDropHandler.FindNameProblem(name) is { } problem
        ? Problems.Of(StatusCodes.Status400BadRequest, PackageDropHandler.IsPackageName(name) ? ErrorCodes.UnsafeName : ErrorCodes.NotAPackage, problem)
        : null;

    /// <summary>A package that somebody wants to drop.</summary>
    /// <param name="Name">Its file name.</param>
    /// <param name="SizeBytes">Its length, in bytes.</param>
#pragma warning disable CA1812 // The serializer makes it.
    internal sealed record PackageToSend(string? Name, long SizeBytes);
#pragma warning restore CA1812

    /// <summary>A package that is in the inbox now.</summary>
    /// <param name="Name">Its file name.</param>
    /// <param name="SizeBytes">Its length, in bytes.</param>
    internal sealed record Uploaded(string Name, long SizeBytes);
}
