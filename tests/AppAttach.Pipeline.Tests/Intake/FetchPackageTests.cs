using System.Security.Cryptography;
using AppAttach.Contracts;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Requests;
using Microsoft.AspNetCore.Http;

namespace AppAttach.Pipeline.Tests.Intake;

/// <summary>Packages that requests have fetched, from a real web server.</summary>
public sealed class FetchPackageTests
{
    private static readonly byte[] Package = Packages.Sample(version: "1.0.0.0");

    [Fact]
    public async Task AllowedAddress_IsFetchedAndReleased_AndSaidWhoAsked()
    {
        await using var server = await PackageServer.StartAsync(context => context.Response.Body.WriteAsync(Package).AsTask());
        await using var host = await HostAsync(server);

        var reply = await AskAsync(host, $"{server.Address}/msix/Sample.msix?sig=secret", Convert.ToHexString(SHA256.HashData(Package)));
        var result = await EndAsync(host);

        Assert.True(reply.IsAccepted, reply.Message);
        Assert.Equal(PackageState.Released, result.State);
        var record = Assert.Single(host.Catalog.All<PackageRecord>(DocumentKinds.Packages));
        Assert.Equal((PackageState.Released, "request get of /test"), (record.State, record.RequestedBy));
        Assert.Contains(record.Drop, reply.Message, StringComparison.Ordinal);
        Assert.Equal("request get of /test", Assert.Single(host.Verdicts()).Content.RequestedBy);
        Assert.Equal($"{server.Address}/msix/Sample.msix", host.Catalog.Find<RequestRecord>(DocumentKinds.Requests, "get")!.Request.Source);
    }

    [Fact]
    public async Task SourceThatIsAwayForAMoment_OrBreaksOff_IsAskedAgain()
    {
        var asked = 0;
        await using var server = await PackageServer.StartAsync(async context =>
        {
            switch (Interlocked.Increment(ref asked))
            {
                case 1:
                    context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    break;
                case 2:
                    context.Response.ContentLength = Package.Length;
                    await context.Response.Body.WriteAsync(Package.AsMemory(0, Package.Length / 2));
                    await context.Response.Body.FlushAsync();
                    context.Abort();
                    break;
                default:
                    await context.Response.Body.WriteAsync(Package);
                    break;
            }
        });
        await using var host = await HostAsync(server);

        await AskAsync(host, $"{server.Address}/msix/Sample.msix");

        Assert.Equal(PackageState.Released, (await EndAsync(host)).State);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task SourceThatStaysAway_IsSaid()
    {
        await using var server = await PackageServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return Task.CompletedTask;
        });
        await using var host = await HostAsync(server);

        await AskAsync(host, $"{server.Address}/msix/Sample.msix");
        var fetched = await host.EndAsync<FetchPackageResult>(FetchPackageInput.InstanceIdOf("get"));

        Assert.Equal(ErrorCodes.SourceUnavailable, fetched.Rejection!.Code);
        var record = Assert.Single(host.Catalog.All<PackageRecord>(DocumentKinds.Packages));
        Assert.Equal((PackageState.Failed, ErrorCodes.SourceUnavailable), (record.State, record.Code));
        Assert.Contains("502", record.Message, StringComparison.Ordinal);
        Assert.Equal(MessageTypes.PackageFailed, Assert.Single(host.Verdicts()).Type);
    }

    [Theory]
    [InlineData("/msix/missing.msix", ErrorCodes.SourceUnavailable, "404")]
    [InlineData("/msix/elsewhere.msix", ErrorCodes.PolicyRefused, "leads")]
    [InlineData("/msix/round.msix", ErrorCodes.SourceUnavailable, "redirects")]
    [InlineData("/msix/long.msix", ErrorCodes.LimitExceeded, "limit")]
    [InlineData("/msix/endless.msix", ErrorCodes.LimitExceeded, "limit")]
    [InlineData("/msix/other.msix", ErrorCodes.PolicyRefused, "SHA-256")]
    public async Task WhatIsNotWanted_IsRefusedWithItsReason_AndNotInTheInbox(string path, string code, string part)
    {
        await using var server = await PackageServer.StartAsync(AnswerBadlyAsync);
        await using var host = await HostAsync(server);

        await AskAsync(host, server.Address + path, path.Contains("other", StringComparison.Ordinal) ? new string('0', 64) : null);
        var fetched = await host.EndAsync<FetchPackageResult>(FetchPackageInput.InstanceIdOf("get"));

        Assert.Equal(code, fetched.Rejection!.Code);
        Assert.Contains(part, fetched.Rejection.Message, StringComparison.Ordinal);
        Assert.Equal(PackageState.Rejected, Assert.Single(host.Catalog.All<PackageRecord>(DocumentKinds.Packages)).State);
        Assert.Empty(host.Inbox.Names);
    }

    [Theory]
    [InlineData("https://packages.contoso.example/msix/App.msix", true)]
    [InlineData("https://PACKAGES.contoso.example:443/msix/a/b/App.msix?sig=1", true)]
    [InlineData("http://packages.contoso.example/msix/App.msix", false)]
    [InlineData("https://packages.contoso.example:8443/msix/App.msix", false)]
    [InlineData("https://packages.contoso.example.evil.example/msix/App.msix", false)]
    [InlineData("https://packages.contoso.example/msix", false)]
    [InlineData("https://packages.contoso.example/msixes/App.msix", false)]
    [InlineData("https://packages.contoso.example/msix/../private/App.msix", false)]
    [InlineData("https://packages.contoso.example/msix/%2e%2e/private/App.msix", false)]
    [InlineData("https://packages.contoso.example/msix/..%2fprivate/App.msix", false)]
    [InlineData("https://packages.contoso.example/msix/..%5Cprivate/App.msix", false)]
    [InlineData("https://user@packages.contoso.example/msix/App.msix", false)]
    [InlineData("https://packages.contoso.example@169.254.169.254/msix/App.msix", false)]
    [InlineData("file:///msix/App.msix", false)]
    public void Address_IsAllowedBelowASourceOnly(string address, bool isAllowed)
    {
        using var sources = new PackageSources(["https://packages.contoso.example/msix/"]);
        Assert.Equal(isAllowed, sources.Allows(new Uri(address)));
    }

    [Theory]
    [InlineData("packages.contoso.example")]
    [InlineData("ftp://packages.contoso.example/")]
    [InlineData("https://packages.contoso.example/msix")]
    [InlineData("https://packages.contoso.example/msix/?a=1")]
    [InlineData("https://user:pw@packages.contoso.example/")]
    public void SourceThatIsNone_IsSaid(string source)
    {
        Assert.Contains(source, PackageSources.FindProblem(source), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PackageSources([source]));
    }

    [Theory]
    [InlineData("https://packages.contoso.example/msix/App.msix", null, ErrorCodes.PolicyRefused)]
    [InlineData("http://127.0.0.1:1/msix/setup.exe", null, ErrorCodes.UnsafeName)]
    [InlineData("http://127.0.0.1:1/msix/App.msix", "../App.msix", ErrorCodes.UnsafeName)]
    public async Task RequestThatCannotBeDone_IsRefusedAtOnce(string source, string? name, string code)
    {
        await using var host = new PipelineTestHost("east");
        host.Options = host.Options with { Sources = ["http://127.0.0.1:1/msix/"] };
        await host.StartAsync();

        var reply = await host.Get<RequestHandler>().HandleAsync(
            new PipelineRequest { Id = "get", Verb = RequestVerb.Publish, RequestedBy = "/test", Source = source, Name = name }, CancellationToken.None);

        Assert.Equal((false, code), (reply.IsAccepted, reply.Code));
        Assert.Empty(host.Engine.List());
    }

    private static async Task AnswerBadlyAsync(HttpContext context)
    {
        switch (context.Request.Path)
        {
            case "/msix/elsewhere.msix":
                context.Response.Redirect("http://127.0.0.2/msix/App.msix");
                break;
            case "/msix/round.msix":
                context.Response.Redirect("/msix/round.msix");
                break;
            case "/msix/long.msix":
                context.Response.ContentLength = 1 << 20;
                await context.Response.StartAsync();
                break;
            case "/msix/endless.msix":
                var piece = new byte[1 << 12];
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.Body.WriteAsync(piece, context.RequestAborted);
                }

                break;
            case "/msix/other.msix":
                await context.Response.Body.WriteAsync(Package);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private static async Task<PipelineTestHost> HostAsync(PackageServer server)
    {
        var host = new PipelineTestHost("east");
        host.Options = host.Options with
        {
            Sources = [server.Address + "/msix/"],
            Policy = new PackagePolicy { Signature = SignatureMode.Ignore, MaximumPackageBytes = Package.Length + 1000 },
        };
        await host.StartAsync();
        return host;
    }

    private static Task<RequestReply> AskAsync(PipelineTestHost host, string source, string? digest = null) => host.Get<RequestHandler>().HandleAsync(
        new PipelineRequest { Id = "get", Verb = RequestVerb.Publish, RequestedBy = "/test", Source = source, Digest = digest }, CancellationToken.None);

    private static async Task<PublishPackageResult> EndAsync(PipelineTestHost host)
    {
        var fetched = await host.EndAsync<FetchPackageResult>(FetchPackageInput.InstanceIdOf("get"));
        Assert.Null(fetched.Rejection);
        return await host.EndAsync<PublishPackageResult>(fetched.Publishing!);
    }
}
