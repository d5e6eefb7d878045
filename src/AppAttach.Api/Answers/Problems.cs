using AppAttach.Contracts;
using Microsoft.AspNetCore.Http;

namespace AppAttach.Api.Answers;

/// <summary>Answers that say what is wrong, as RFC 9457 describes: <c>application/problem+json</c> with the stable code in <c>code</c>.</summary>
internal static class Problems
{
    public static IResult Of(int status, string code, string message, params ReadOnlySpan<KeyValuePair<string, object?>> more) => Results.Problem(
        type: "urn:appattach:error:" + code,
        title: code,
        detail: message,
        statusCode: status,
        extensions: new Dictionary<string, object?>([new("code", code), .. more]));

    public static IResult NotFound(string message) => Of(StatusCodes.Status404NotFound, ErrorCodes.NotFound, message);

    public static IResult Invalid(string message) => Of(StatusCodes.Status400BadRequest, ErrorCodes.MessageInvalid, message);
}
