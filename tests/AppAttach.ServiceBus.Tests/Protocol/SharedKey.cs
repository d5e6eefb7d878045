using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>
/// The namespace's one key, and the check of what is signed with it (learn.microsoft.com/azure/service-bus-messaging/service-bus-sas, "Generate a shared
/// access signature token").
/// </summary>
internal static class SharedKey
{
    /// <summary>Its name.</summary>
    public const string Name = "RootManageSharedAccessKey";

    /// <summary>The key.</summary>
    public const string Key = "bm90IGEgc2VjcmV0";

    /// <summary>Checks a token.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The address that it is for; null: it is none of this key, or has run out.</returns>
    public static string? Check(string? token)
    {
        const string Scheme = "SharedAccessSignature ";
        if (token?.StartsWith(Scheme, StringComparison.Ordinal) != true)
        {
            return null;
        }

        var parts = token[Scheme.Length..].Split('&').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(parts["sr"] + "\n" + parts["se"]));
        var isRight = parts["skn"] == Name && WebUtility.UrlDecode(parts["sig"]) == Convert.ToBase64String(signature);
        return isRight && long.Parse(parts["se"], CultureInfo.InvariantCulture) > DateTimeOffset.UtcNow.ToUnixTimeSeconds()
            ? WebUtility.UrlDecode(parts["sr"])
            : null;
    }
}
