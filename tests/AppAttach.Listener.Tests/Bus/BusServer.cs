using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using AppAttach.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AppAttach.Listener.Tests.Bus;

/// <summary>Enough of the Service Bus runtime REST API to test a listener against, in memory, on a port that the system chooses.</summary>
internal sealed class BusServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, byte[]> _locked = new();
    private int _sequence;

    private BusServer(WebApplication application) => _application = application;

    public Uri Address { get; private set; } = null!;

    public Channel<byte[]> Commands { get; } = Channel.CreateUnbounded<byte[]>();

    public Channel<(byte[] Body, string? Properties)> Sent { get; } = Channel.CreateUnbounded<(byte[] Body, string? Properties)>();

    /// <summary>What each message that was sent was signed with; null: it was not, or its properties have not the form of strings.</summary>
    public ConcurrentQueue<string?> Signers { get; } = new();

    /// <summary>One a request that renews, completes or unlocks.</summary>
    public Channel<string> Actions { get; } = Channel.CreateUnbounded<string>();

    /// <summary>Answers that come before the real ones: status, and Retry-After.</summary>
    public ConcurrentQueue<(int Status, string? RetryAfter)> Troubles { get; } = new();

    /// <summary>The same for sending alone.</summary>
    public ConcurrentQueue<(int Status, string? RetryAfter)> SendTroubles { get; } = new();

    /// <summary>Released when an outcome got an answer of <see cref="SendTroubles"/>; a hello, which comes when it likes, does not count.</summary>
    public SemaphoreSlim OutcomeTroubleMade { get; } = new(0);

    public ConcurrentQueue<(string Path, string Authorization)> Requests { get; } = new();

    public TimeSpan LockDuration { get; set; } = TimeSpan.FromSeconds(60);

    public bool HasSubscription { get; set; } = true;

    public static async Task<BusServer> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var server = new BusServer(builder.Build());
        server._application.Use(server.TroubleAsync);
        server._application.MapPost("/{topic}/subscriptions/{host}/messages/head", (Delegate)server.ReceiveAsync);
        foreach (var (verb, method) in new[] { ("complete", "DELETE"), ("renew", "POST"), ("unlock", "PUT") })
        {
            server._application.MapMethods(
                "/{topic}/subscriptions/{host}/messages/{sequence}/{token}", [method], (string token) => server.Act(verb, token));
        }

        server._application.MapPost("/host-outcomes/messages", (Delegate)server.SendAsync);
        await server._application.StartAsync();
        server.Address = new Uri(server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    /// <summary>Lets every lock run out: what was locked cannot be completed any more.</summary>
    public void LoseLocks() => _locked.Clear();

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private async Task TroubleAsync(HttpContext context, RequestDelegate next)
    {
        Requests.Enqueue((context.Request.Path + context.Request.QueryString, context.Request.Headers.Authorization.ToString()));
        if (Troubles.TryDequeue(out var trouble))
        {
            context.Response.StatusCode = trouble.Status;
            if (trouble.RetryAfter is not null)
            {
                context.Response.Headers.RetryAfter = trouble.RetryAfter;
            }

            return;
        }

        await next(context);
    }

    private async Task<IResult> ReceiveAsync(string topic, string host, int timeout, HttpContext context)
    {
        if (!HasSubscription)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(TimeSpan.FromSeconds(timeout));
        try
        {
            var body = await Commands.Reader.ReadAsync(limit.Token);
            var token = Guid.NewGuid().ToString();
            _locked[token] = body;
            var number = Interlocked.Increment(ref _sequence);
            var until = (DateTimeOffset.UtcNow + LockDuration).ToString("R", CultureInfo.InvariantCulture);
            context.Response.Headers.Location = $"http://elsewhere.invalid/{topic}/subscriptions/{host}/messages/{number}/{token}";
            context.Response.Headers["BrokerProperties"] =
                $$"""{"DeliveryCount":1,"LockToken":"{{token}}","LockedUntilUtc":"{{until}}","MessageId":"m{{number}}","SequenceNumber":{{number}},"State":"Active","TimeToLive":922337203685.47754}""";
            context.Response.StatusCode = StatusCodes.Status201Created;
            await context.Response.Body.WriteAsync(body);
            return Results.Empty;
        }
        catch (OperationCanceledException)
        {
            return Results.NoContent();
        }
    }

    private IResult Act(string verb, string token)
    {
        Actions.Writer.TryWrite(verb);
        if (verb == "renew" ? !_locked.ContainsKey(token) : !_locked.TryRemove(token, out var body))
        {
            return Results.NotFound();
        }

        return Results.Ok();
    }

    private async Task<IResult> SendAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (SendTroubles.TryDequeue(out var trouble))
        {
            if (Message.ReadType(body.ToArray()) == MessageTypes.Outcome)
            {
                OutcomeTroubleMade.Release();
            }

            return Results.StatusCode(trouble.Status);
        }

        Signers.Enqueue(new HostProof(Property(HostProof.KeyProperty), Property(HostProof.SignatureProperty)).Verify(body.ToArray()));
        Sent.Writer.TryWrite((body.ToArray(), context.Request.Headers["BrokerProperties"]));
        return Results.StatusCode(StatusCodes.Status201Created);

        string Property(string name) => context.Request.Headers[name].ToString() is ['"', .. var text, '"'] ? text : "";
    }
}
