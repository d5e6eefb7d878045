namespace AppAttach.Listener.Bus;

/// <summary>Where a machine's identity gives tokens.</summary>
/// <param name="Address">Address of the token endpoint, with its API version.</param>
/// <param name="SecretFolder">Folder of the files by which Arc's agent sees that an administrator asks; null where it is not asked for.</param>
internal sealed record IdentityEndpoint(Uri Address, string? SecretFolder)
{
    private const string ArcVariable = "IDENTITY_ENDPOINT";

    // "How to use managed identities for Azure resources on an Azure VM to acquire an access token",
    // https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#get-a-token-using-http.
    private static readonly Uri AzureAddress = new("http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01");

    // "Authenticate against Azure resources with Azure Arc-enabled servers",
    // https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication.
    private static readonly Uri ArcAddress = new("http://localhost:40342/metadata/identity/oauth2/token");
    private const string ArcVersion = "api-version=2020-06-01";

    /// <summary>The endpoint of an identity.</summary>
    public static IdentityEndpoint Of(IdentityKind identity)
    {
        if (identity == IdentityKind.Managed)
        {
            return new IdentityEndpoint(AzureAddress, SecretFolder: null);
        }

        var agent = Uri.TryCreate(Environment.GetEnvironmentVariable(ArcVariable), UriKind.Absolute, out var given) && given.IsLoopback ? given : ArcAddress;
        return new IdentityEndpoint(
            new UriBuilder(agent) { Query = ArcVersion }.Uri,
            OperatingSystem.IsWindows()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "AzureConnectedMachineAgent", "Tokens")
                : "/var/opt/azcmagent/tokens");
    }
}
