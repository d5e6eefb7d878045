using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;

namespace AppAttach.Functions.Access;

/// <summary>
/// Who calls, as App Service authentication says it in the header <c>X-MS-CLIENT-PRINCIPAL</c>: JSON in Base64 with the provider, the claims, and which
/// types of claims are names and roles. Claims of a token keep their name or get the long one of the default mapping.
/// Source: learn.microsoft.com/azure/app-service/configure-authentication-user-identities, "Decode the client principal header".
/// </summary>
internal sealed class ClientPrincipal
{
    /// <summary>The content.</summary>
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    private const string Provider = "aad";
    private const int LongestHeader = 64 << 10;
    private const int LongestName = 200;

    /// <summary>
    /// Types of claims that name a person, the best first: what tokens of version 2.0 have, then of 1.0, where guests have the last one only. Both the
    /// token's own name and what the default mapping makes of it, which depends on whether the platform keeps tokens.
    /// Source: learn.microsoft.com/entra/identity-platform/access-token-claims-reference.
    /// </summary>
    private static readonly string[] PersonTypes =
    [
        "preferred_username", "upn", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "unique_name", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
    ];

    /// <summary>
    /// Types of claims that name an application. A person's token has them too, for the application that the person used: they come after everything
    /// that names a person. An object id names anybody who has no other name.
    /// </summary>
    private static readonly string[] OtherTypes = ["azp", "appid", "oid", "http://schemas.microsoft.com/identity/claims/objectidentifier"];

    private readonly ILookup<string, string> _claims;
    private readonly string? _roleType;

    private ClientPrincipal(Content content)
    {
        _claims = content.Claims!.OfType<Claim>().Where(claim => claim is { Type: not null, Value: not null }).ToLookup(claim => claim.Type!, claim => claim.Value!, StringComparer.Ordinal);
        _roleType = content.RoleType;

        // What the platform itself takes for the name is for Entra ID mostly the mail address, which others may have chosen.
        Name = ((string?[])[.. PersonTypes, content.NameType, .. OtherTypes]).OfType<string>().SelectMany(type => _claims[type])
            .FirstOrDefault(name => name.Length is > 0 and <= LongestName && !name.Any(char.IsControl));
    }

    /// <summary>Name for the record of requests; null: there is none that can be recorded.</summary>
    public string? Name { get; }

    /// <summary>Reads the header.</summary>
    /// <param name="values">What the request has.</param>
    /// <returns>The caller; null: there is none, or it is not one of Entra ID's.</returns>
    public static ClientPrincipal? Read(StringValues values)
    {
        if (values is not [{ Length: > 0 and <= LongestHeader } text])
        {
            return null;
        }

        try
        {
            var content = JsonSerializer.Deserialize<Content>(Convert.FromBase64String(text));
            return content is { Provider: Provider, Claims: not null } ? new ClientPrincipal(content) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the caller has an app role.</summary>
    /// <param name="role">Its value, as the app registration has it.</param>
    /// <returns>Whether it has.</returns>
    public bool HasRole(string role) => _claims["roles"].Concat(_roleType is null or "roles" ? [] : _claims[_roleType]).Contains(role, StringComparer.Ordinal);

    private sealed record Content(
        [property: JsonPropertyName("auth_typ")] string? Provider,
        [property: JsonPropertyName("claims")] IReadOnlyList<Claim?>? Claims,
        [property: JsonPropertyName("name_typ")] string? NameType,
        [property: JsonPropertyName("role_typ")] string? RoleType);

    private sealed record Claim([property: JsonPropertyName("typ")] string? Type, [property: JsonPropertyName("val")] string? Value);
}
