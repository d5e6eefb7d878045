using System.Net;
using System.Security.Cryptography;
using System.Text;
using AppAttach.Embedded.Bus;
using AppAttach.Embedded.Bus.Access;
using AppAttach.Embedded.Bus.Rest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Embedded.Tests.Bus;

/// <summary>The bus behind a real server on a free loopback port, and a client with the root key.</summary>
internal sealed class BusHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _application;

    private BusHost()
    {
        Broker = new BusBroker(_folder.PathOf("bus.db"), TimeProvider.System, NullLogger.Instance);
        Access = BusAccess.Open(_folder.Path, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.MapBus(Broker, Access, NullLogger.Instance);
    }

    public BusBroker Broker { get; }

    public BusAccess Access { get; }

    public HttpClient Client { get; } = new();

    public string Folder => _folder.Path;

    public static async Task<BusHost> StartAsync()
    {
        var host = new BusHost();
        await host._application.StartAsync();
        host.Client.BaseAddress = new Uri(host._application.Urls.Single());
        await host.Broker.EnsureQueueAsync("q", new BusEntitySettings());
        return host;
    }

    /// <summary>A token as the definition of Azure Service Bus has it.</summary>
    public static string Token(string address, string name, string key, DateTimeOffset? expiry = null)
    {
        var resource = Uri.EscapeDataString(address);
        var seconds = (expiry ?? DateTimeOffset.UtcNow.AddMinutes(5)).ToUnixTimeSeconds().ToString();
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(resource + "\n" + seconds));
        return $"SharedAccessSignature sr={resource}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={seconds}&skn={name}";
    }

    /// <summary>Sends a request; headers as "name: value". Without one for authorization it carries the root key's token.</summary>
    public async Task<HttpResponseMessage> AskAsync(
        HttpMethod method, string path, byte[]? body = null, string? contentType = null, CancellationToken cancellationToken = default, params string[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Client.BaseAddress!, path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType ?? "text/plain");
        }

        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            Assert.True(request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim()));
        }

        if (!request.Headers.Contains("Authorization"))
        {
            request.Headers.TryAddWithoutValidation("Authorization", Token(Client.BaseAddress!.ToString(), Access.Root.Name, Access.Root.Key));
        }

        return await Client.SendAsync(request, cancellationToken);
    }

    public async Task<HttpStatusCode> StatusAsync(
        HttpMethod method, string path, byte[]? body = null, string? contentType = null, params string[] headers)
    {
        using var response = await AskAsync(method, path, body, contentType, default, headers);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
        Broker.Dispose();
        _folder.Dispose();
    }
}
