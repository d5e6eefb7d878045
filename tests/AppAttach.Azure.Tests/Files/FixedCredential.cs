using Azure.Core;

namespace AppAttach.Azure.Tests.Files;

/// <summary>Gives a token that says what it was asked for.</summary>
internal sealed class FixedCredential : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new("token-for-" + string.Join(' ', requestContext.Scopes), DateTimeOffset.MaxValue);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
