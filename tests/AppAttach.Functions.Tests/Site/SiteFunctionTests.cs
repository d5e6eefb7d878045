using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AppAttach.Functions.Tests.Site;

/// <summary>The API and the page as the Functions app serves them, behind App Service authentication.</summary>
public sealed partial class SiteFunctionTests
{
    private const string MailAddress = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    private const string Upn = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";

    private static readonly string Reader = TestSite.Principal("reader");
    private static readonly string Operator = TestSite.Principal("operator");

    public static TheoryData<string, string> Operations => new(Document().GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => (operation.Name.ToUpperInvariant(), path.Name))));

    [Fact]
    public async Task Reader_LooksAndAsksForNothing()
    {
        await using var site = new TestSite();

        var (overview, body) = await site.CallAsync("GET", "/api/v1/overview", Reader);
        var (asked, refusal) = await site.CallAsync("POST", "/api/v1/requests/reconcile", Reader, "{}");

        Assert.Equal(200, overview.Response.StatusCode);
        Assert.Contains("\"pools\"", body, StringComparison.Ordinal);
        Assert.Equal(403, asked.Response.StatusCode);
        Assert.Contains(ErrorCodes.AccessDenied, refusal, StringComparison.Ordinal);
        Assert.Empty(await RequestsAsync(site));
    }

    [Fact]
    public async Task Operator_Asks_AndIsRecordedByTheNameOfTheDirectory()
    {
        await using var site = new TestSite();

        var (context, body) = await site.CallAsync("POST", "/api/v1/requests/reconcile", Operator, "{}");

        Assert.True(context.Response.StatusCode == 200, body);
        Assert.Equal("/api/directory/anna@contoso.example", Assert.Single(await RequestsAsync(site)).Request.RequestedBy);
    }

    /// <summary>Claims as the platform hands them on, and who is recorded. <c>azp</c> and <c>appid</c> are in people's tokens too: the application they used.</summary>
    [Theory]
    [InlineData("anna@contoso.example", "azp=app-1", "name=Anna", MailAddress + "=other@mail.example", "preferred_username=anna@contoso.example")]
    [InlineData("anna@contoso.example", "appid=app-1", Upn + "=anna@contoso.example")]
    [InlineData("anna@contoso.example", "appid=app-1", "upn=anna@contoso.example")]
    [InlineData("guest@fabrikam.example", "appid=app-1", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name=guest@fabrikam.example")]
    [InlineData("anna@mail.example", "azp=app-1", MailAddress + "=anna@mail.example")]
    [InlineData("anna@contoso.example", "preferred_username=", Upn + "=anna@contoso.example")]
    [InlineData("anna@contoso.example", "preferred_username=a\nb", Upn + "=anna@contoso.example")]
    [InlineData("app-1", "azp=app-1", "oid=object-1")]
    [InlineData("app-1", "appid=app-1", "http://schemas.microsoft.com/identity/claims/objectidentifier=object-1")]
    [InlineData("object-1", "http://schemas.microsoft.com/identity/claims/objectidentifier=object-1")]
    public async Task Caller_IsRecordedAsThePersonIfItIsOne_OtherwiseAsTheApplication(string expected, params string[] claims)
    {
        await using var site = new TestSite();
        var header = TestSite.PrincipalOf(
            MailAddress, [("roles", "operator"), .. claims.Select(claim => (claim[..claim.IndexOf('=', StringComparison.Ordinal)], claim[(claim.IndexOf('=', StringComparison.Ordinal) + 1)..]))]);

        await site.CallAsync("POST", "/api/v1/requests/reconcile", header, "{}");

        Assert.Equal("/api/directory/" + expected, Assert.Single(await RequestsAsync(site)).Request.RequestedBy);
    }

    [Theory]
    [InlineData("True", null)]
    [InlineData("True", "rubbish")]
    [InlineData("True", "e30=")]
    [InlineData("False", "operator")]
    [InlineData(null, "operator")]
    public async Task Stranger_GetsNothingAndLearnsNothing(string? platformSignsIn, string? header)
    {
        await using var site = new TestSite(platformSignsIn);
        var answers = new List<(int Status, string Body)>();
        foreach (var path in (string[])["/api/v1/overview", "/api/v1/packages/none", "/api/v1/nothing", "/api/v1/requests/reconcile"])
        {
            var (context, body) = await site.CallAsync("POST", path, header == "operator" ? Operator : header, "{}");
            answers.Add((context.Response.StatusCode, body));
        }

        Assert.Equal(401, Assert.Single(answers.Distinct()).Status);
        Assert.Empty(await RequestsAsync(site));
    }

    [Fact]
    public async Task OtherDirectory_IsAStranger()
    {
        await using var site = new TestSite();
        var forged = Convert.ToBase64String(Encoding.UTF8.GetBytes(
            """{"auth_typ":"github","name_typ":"name","role_typ":"roles","claims":[{"typ":"roles","val":"operator"}]}"""));

        Assert.Equal(401, (await site.CallAsync("GET", "/api/v1/overview", forged)).Context.Response.StatusCode);
    }

    [Fact]
    public async Task SignedInWithoutARole_GetsNothing()
    {
        await using var site = new TestSite();

        var (context, body) = await site.CallAsync("GET", "/api/v1/overview", TestSite.Principal("Operator", "admin"));

        Assert.Equal(403, context.Response.StatusCode);
        Assert.DoesNotContain("pools", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PageOfAnotherOrigin_CannotUseTheCallersSession()
    {
        await using var site = new TestSite();

        // The function's own address is the only origin.
        var (context, _) = await site.CallAsync("POST", "/api/v1/requests/reconcile", Operator, "{}");
        Assert.Equal(200, context.Response.StatusCode);
        var foreign = await site.CallFromAsync("https://evil.example", "POST", "/api/v1/requests/reconcile", Operator, "{}");

        Assert.Equal(403, foreign.Context.Response.StatusCode);
    }

    /// <summary>Whatever the document describes is answered by a route of the API, not by the lack of one.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public async Task EveryOperation_IsAnsweredByTheApi(string method, string path)
    {
        await using var site = new TestSite();

        var (context, body) = await site.CallAsync(method, Parameter().Replace(path, "1.msix"), Operator, method is "POST" or "PUT" ? "{}" : null);

        Assert.True(context.Response.StatusCode < 500, $"{context.Response.StatusCode}: {body}");
        Assert.Contains(path.TrimEnd('/'), "/" + (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.Trim('/'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_IsServedToWhoeverAsks_AndMaySpeakToTheApiAndTheAccountOfPackagesOnly()
    {
        await using var site = new TestSite();

        var (context, body) = await site.CallAsync("GET", "/", null);

        Assert.Equal(200, context.Response.StatusCode);
        Assert.Contains("<html", body, StringComparison.Ordinal);
        var policy = context.Response.Headers.ContentSecurityPolicy.ToString();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self' https://packages.blob.core.windows.net;", policy, StringComparison.Ordinal);
        Assert.Equal(200, (await site.CallAsync("GET", "/page/main.js", null)).Context.Response.StatusCode);
    }

    [Fact]
    public async Task PackageToDrop_GetsAPlaceInBlobStorage_IfItsNameAndLengthFit()
    {
        await using var site = new TestSite();

        var (granted, place) = await site.CallAsync("POST", "/api/v1/inbox", Operator, """{"name":"My App.msix","sizeBytes":1000}""");
        var (tooLong, _) = await site.CallAsync("POST", "/api/v1/inbox", Operator, """{"name":"App.msix","sizeBytes":1001}""");
        var (unsafeName, _) = await site.CallAsync("POST", "/api/v1/inbox", Operator, """{"name":"../App.msix","sizeBytes":1}""");
        var (reader, _) = await site.CallAsync("POST", "/api/v1/inbox", Reader, """{"name":"App.msix","sizeBytes":1}""");

        Assert.Equal((200, 413, 400, 403), (granted.Response.StatusCode, tooLong.Response.StatusCode, unsafeName.Response.StatusCode, reader.Response.StatusCode));
        using var parsed = JsonDocument.Parse(place);
        Assert.Equal("https://packages.blob.core.windows.net/packages/My%20App.msix?sig=1", parsed.RootElement.GetProperty("url").GetString());
        Assert.Equal(8 << 20, parsed.RootElement.GetProperty("blockBytes").GetInt32());
    }

    private static JsonElement Document()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("src", "AppAttach.Api", "openapi.json")));
        return document.RootElement.Clone();
    }

    private static async Task<IReadOnlyList<RequestRecord>> RequestsAsync(TestSite site) =>
        await site.Catalog.ListAsync<RequestRecord>(DocumentKinds.Requests, CancellationToken.None).Select(entry => entry.Document).ToListAsync();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
