using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Web.Tests.Api;

/// <summary>Who may call: nobody from elsewhere without a key, and no page of another origin at all.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private FleetHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await FleetHost.StartAsync();
        await _host.WriteHostAsync(FleetHost.Host("secret-host"));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("api/v1/hosts")]
    [InlineData("api/v1/hosts/secret-host")]
    [InlineData("api/v1/hosts/other-host")]
    [InlineData("api/v1/overview")]
    [InlineData("api/v1/events")]
    [InlineData("api/v1/openapi.json")]
    [InlineData("api/v1/nothing")]
    public async Task CallFromAfarWithoutKey_GetsTheSameAnswerWhateverIsThere(string path)
    {
        using var answer = await _host.CallFromAfarAsync(HttpMethod.Get, path);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(ErrorCodes.SignInRequired, (string?)JsonNode.Parse(text)!["code"]);
        Assert.DoesNotContain("host", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task ReaderKey_LooksAndChangesNothing()
    {
        using var hosts = await _host.CallFromAfarAsync(HttpMethod.Get, "api/v1/hosts", _host.Key("reader"));
        using var retire = await _host.CallFromAfarAsync(HttpMethod.Delete, "api/v1/hosts/secret-host", _host.Key("reader"));
        using var drop = await _host.CallFromAfarAsync(HttpMethod.Put, "api/v1/inbox/a.msix", _host.Key("reader"));

        Assert.Equal(HttpStatusCode.OK, hosts.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, retire.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, drop.StatusCode);
        Assert.NotNull(await _host.Catalog.ReadAsync<HostRecord>(DocumentKinds.Hosts, "secret-host", CancellationToken.None));
        Assert.Empty(Directory.EnumerateFiles(_host.Inbox));
    }

    [Fact]
    public async Task OperatorKey_MayDoEverything()
    {
        using var retire = await _host.CallFromAfarAsync(HttpMethod.Delete, "api/v1/hosts/secret-host", _host.Key("operator"));

        Assert.Equal(HttpStatusCode.NoContent, retire.StatusCode);
    }

    [Fact]
    public async Task WrongKey_GivesNothingEvenOnThisMachine()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/hosts");
        request.Headers.Authorization = new("Bearer", new string('0', 64));
        using var answer = await _host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task PlainHttpFromAfar_IsRefusedUnlessTheSettingsAllowIt()
    {
        await using var strict = await FleetHost.StartAsync(allowsPlainHttp: false);
        using var answer = await strict.CallFromAfarAsync(HttpMethod.Get, "api/v1/hosts", strict.Key("operator"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("HTTPS", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "https://evil.test")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Host", "evil.test")]
    [InlineData("Host", "127.0.0.1.evil.test")]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    public async Task PageOfAnotherOriginOnThisMachine_IsRefused(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/requests/reconcile") { Content = JsonContent.Create(new { }) };
        request.Headers.Add(header, value);
        using var answer = await _host.Client.SendAsync(request);

        Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{answer.StatusCode}");
        Assert.Empty(await _host.Catalog.ListAsync<RequestRecord>(DocumentKinds.Requests, CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task Session_HoldsTheRoleOfItsKeyAndNoOther()
    {
        using var begun = await _host.CallFromAfarAsync(HttpMethod.Post, "api/v1/session", _host.Key("reader"));
        var cookie = Assert.Single(begun.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        var value = cookie[..cookie.IndexOf(';', StringComparison.Ordinal)];

        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(value, HttpMethod.Get));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusWithAsync(value, HttpMethod.Delete));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(value.Replace("=1.", "=2.", StringComparison.Ordinal), HttpMethod.Get));
    }

    [Theory]
    [InlineData("")]
    [InlineData("page/main.js")]
    [InlineData("api/v1/overview")]
    public async Task EveryAnswer_HasStrictHeaders(string path)
    {
        using var answer = await _host.Client.GetAsync(new Uri(path, UriKind.Relative));
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    private async Task<HttpStatusCode> StatusWithAsync(string cookie, HttpMethod method)
    {
        using var request = new HttpRequestMessage(method, "api/v1/hosts/secret-host");
        request.Headers.Host = "appattach.test";
        request.Headers.Add("Cookie", cookie);
        using var answer = await _host.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
