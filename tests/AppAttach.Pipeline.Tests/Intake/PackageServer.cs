using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AppAttach.Pipeline.Tests.Intake;

/// <summary>A web server that gives packages, and answers as a test wants.</summary>
internal sealed class PackageServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PackageServer(WebApplication app) => _app = app;

    /// <summary>Its address, without a slash at the end.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>Starts one.</summary>
    /// <param name="answer">Answers every request.</param>
    public static async Task<PackageServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new PackageServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
