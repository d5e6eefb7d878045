using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AppAttach.Api.Access;

/// <summary>What a browser holds instead of the key: a role and an end, signed with the role's key. Another key ends every session of the old one.</summary>
internal static class SessionCookie
{
    /// <summary>Name of the cookie.</summary>
    public const string Name = "appattach-session";

    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public static string Make(ApiRole role, string key, DateTimeOffset now)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{(int)role}.{(now + Lifetime).ToUnixTimeSeconds()}");
        return $"{text}.{Sign(text, key)}";
    }

    /// <summary>The role that a cookie gives; null: it is not ours, or over.</summary>
    public static ApiRole? Read(string cookie, Func<ApiRole, string> keyOf, DateTimeOffset now)
    {
        var parts = cookie.Split('.');
        if (parts.Length != 3
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || (ApiRole)number is not (ApiRole.Reader or ApiRole.Operator)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var end) || end < now.ToUnixTimeSeconds())
        {
            return null;
        }

        var expected = Sign($"{parts[0]}.{parts[1]}", keyOf((ApiRole)number));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(parts[2])) ? (ApiRole)number : null;
    }

    private static string Sign(string text, string key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes("session " + text)));
}
