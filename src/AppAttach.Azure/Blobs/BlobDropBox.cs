using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace AppAttach.Azure.Blobs;

/// <summary>
/// Lets others drop packages: gives addresses that allow to make one blob, for minutes and nothing else (a user delegation SAS: signed with a key that
/// Entra ID gave to this identity, none of the account's).
/// The identity needs Storage Blob Delegator on the account besides its rights on the container, for an address allows what both allow.
/// Source: learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas. Since service version 2026-04-06 the permission <c>c</c> covers Put
/// Block and Put Block List too (…/version-2026-04-06); an address names the SDK's version, which a test holds against that.
/// </summary>
/// <param name="account">The account that packages are dropped into.</param>
/// <param name="container">The container.</param>
/// <param name="clock">The clock.</param>
public sealed class BlobDropBox(BlobServiceClient account, string container, TimeProvider clock)
{
    /// <summary>Length of a block that a browser sends, in bytes; 50,000 of them are 390 GiB.</summary>
    public const int BlockBytes = 8 << 20;

    /// <summary>How long an address holds: each block must be begun within it. Enough for 20 GB at 100 Mbit/s.</summary>
    public static readonly TimeSpan GrantLifetime = TimeSpan.FromMinutes(30);

    /// <summary>Clocks may differ by so much.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>How long a signing key serves; the service allows 7 days.</summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(4);

    private volatile UserDelegationKey? _key;

    /// <summary>Address of the account's blobs.</summary>
    public Uri Address => account.Uri;

    /// <summary>An address that one blob can be made at.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The address and its end; null: there is a blob of that name.</returns>
    public async Task<(Uri Address, DateTimeOffset ExpiresAt)?> GrantAsync(string name, CancellationToken cancellationToken)
    {
        var blob = BlobOf(name);
        if ((await blob.ExistsAsync(cancellationToken)).Value)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var sas = new BlobSasBuilder(BlobSasPermissions.Create, now + GrantLifetime)
        {
            BlobContainerName = container, BlobName = name, Resource = "b", StartsOn = now - ClockSkew,
            Protocol = account.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        var signed = new BlobUriBuilder(blob.Uri) { Sas = sas.ToSasQueryParameters(await KeyAsync(now, cancellationToken), account.AccountName) };
        return (signed.ToUri(), sas.ExpiresOn);
    }

    private BlobClient BlobOf(string name) => account.GetBlobContainerClient(container).GetBlobClient(name);

    /// <summary>The signing key, asked for anew when the one at hand would end before an address does. Two may ask at once: either key serves.</summary>
    private async Task<UserDelegationKey> KeyAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_key is not { } key || key.SignedExpiresOn < now + GrantLifetime)
        {
            _key = key = await account.GetUserDelegationKeyAsync(now - ClockSkew, now + KeyLifetime, cancellationToken);
        }

        return key;
    }
}
