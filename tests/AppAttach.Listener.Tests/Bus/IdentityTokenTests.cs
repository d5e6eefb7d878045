using System.Net;
using AppAttach.Listener.Bus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AppAttach.Listener.Tests.Bus;

public class IdentityTokenTests
{
    private static async Task<(WebApplication Server, Uri Address)> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(context => answer(context));
        await server.StartAsync();
        return (server, new Uri(server.Urls.First() + "/metadata/identity/oauth2/token?api-version=2020-06-01"));
    }

    private static Task AnswerAsync(HttpContext context, string token, DateTimeOffset expiry) =>
        context.Response.WriteAsync($$"""{"access_token":"{{token}}","expires_on":"{{expiry.ToUnixTimeSeconds()}}","token_type":"Bearer"}""");

    [Fact]
    public async Task Managed_AsksOnce_ForTheBus_AndAgainBeforeItRunsOut()
    {
        var clock = new ManualTimeProvider();
        var asked = new List<string>();
        var (server, address) = await StartAsync(context =>
        {
            Assert.Equal("true", context.Request.Headers["Metadata"]);
            asked.Add(context.Request.QueryString.Value!);
            return AnswerAsync(context, $"t{asked.Count}", clock.GetUtcNow().AddHours(1));
        });
        await using var _ = server;
        using var token = new IdentityToken(new IdentityEndpoint(address, SecretFolder: null), "11111111-2222-3333-4444-555555555555", clock);
        Assert.Equal("Bearer t1", await token.GetAsync(CancellationToken.None));
        Assert.Equal("Bearer t1", await token.GetAsync(CancellationToken.None));
        clock.Advance(TimeSpan.FromMinutes(56));
        Assert.Equal("Bearer t2", await token.GetAsync(CancellationToken.None));
        token.Forget();
        Assert.Equal("Bearer t3", await token.GetAsync(CancellationToken.None));
        Assert.Equal(3, asked.Count);
        Assert.Contains("resource=https%3A%2F%2Fservicebus.azure.net%2F", asked[0], StringComparison.Ordinal);
        Assert.Contains("client_id=11111111-2222-3333-4444-555555555555", asked[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arc_ShowsTheSecretOfTheFileThatTheAgentNames()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.PathOf("a.key"), "open sesame");
        var (server, address) = await StartAsync(context =>
        {
            if (context.Request.Headers.Authorization == "Basic open sesame")
            {
                return AnswerAsync(context, "t", DateTimeOffset.UtcNow.AddHours(1));
            }

            context.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=" + folder.PathOf("a.key");
            return Task.CompletedTask;
        });
        await using var _ = server;
        using var token = new IdentityToken(new IdentityEndpoint(address, folder.Path), null, TimeProvider.System);
        Assert.Equal("Bearer t", await token.GetAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("Basic realm=/etc/passwd")]
    [InlineData("Basic realm=FOLDER/../a.key")]
    [InlineData("Basic realm=FOLDER/a.txt")]
    [InlineData("Basic realm=FOLDER/missing.key")]
    [InlineData("Basic")]
    [InlineData("")]
    public async Task Arc_NamingAnotherFile_IsRefused(string challenge)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.PathOf("a.txt"), "secret");
        var (server, address) = await StartAsync(context =>
        {
            Assert.True(string.IsNullOrEmpty(context.Request.Headers.Authorization));
            context.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
            context.Response.Headers.WWWAuthenticate = challenge.Replace("FOLDER", folder.Path, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
        await using var _ = server;
        using var token = new IdentityToken(new IdentityEndpoint(address, folder.Path), null, TimeProvider.System);
        await Assert.ThrowsAsync<BusException>(async () => await token.GetAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(400, "")]
    [InlineData(200, "no json")]
    [InlineData(200, "[]")]
    [InlineData(200, "{}")]
    public async Task NoToken_IsAFailureOfTheBus(int status, string body)
    {
        var (server, address) = await StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });
        await using var _ = server;
        using var token = new IdentityToken(new IdentityEndpoint(address, SecretFolder: null), null, TimeProvider.System);
        await Assert.ThrowsAsync<BusException>(async () => await token.GetAsync(CancellationToken.None));
    }
}
