using System.Text;
using System.Text.Json;
using AppAttach.Api.Ports;
using AppAttach.Functions.Access;
using AppAttach.Functions.Orchestration;
using AppAttach.Functions.Settings;
using AppAttach.Functions.Site;
using AppAttach.Functions.Tests.Orchestration;
using AppAttach.Functions.Tests.Triggers;
using AppAttach.Functions.Triggers;
using AppAttach.Pipeline.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AppAttach.Functions.Tests.Site;

/// <summary>The app as its own settings put it together, with everything that lies in a cloud in memory, called as the worker calls it.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly WebApplication _host;

    /// <summary>Puts it together.</summary>
    /// <param name="platformSignsIn">Whether the platform says that its authentication is on; null: it says nothing.</param>
    public TestSite(string? platformSignsIn = "True")
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("local.settings.sample.json")));
        var values = sample.RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(setting => setting.Name.Replace("__", ":", StringComparison.Ordinal), setting => setting.Value.GetString());
        values[PlatformAccess.SwitchSetting] = platformSignsIn;
        var log = new List<string>();
        var events = new RecordedEvents(log);

        // The worker's host is one of ASP.NET Core too.
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(values);
        builder.Services.AddAppAttach(builder.Configuration)
            .AddSingleton<ICatalog>(Catalog)
            .AddSingleton<ICommandSender>(new RecordedCommandSender(log))
            .AddSingleton<IEventSender>(events)
            .AddSingleton<IReplySender>(events)
            .AddSingleton<IDeadLetterBox>(new NoDeadLetters())
            .AddSingleton<IPackageUpload>(Upload)
            .AddSingleton<IChangeSource>(new NoChanges());
        _host = builder.Build();
    }

    public MemoryCatalog Catalog { get; } = new();

    public RecordedUpload Upload { get; } = new();

    /// <summary>The header that the platform adds for a caller of the app roles.</summary>
    public static string Principal(params string[] roles) => PrincipalOf(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", [("preferred_username", "anna@contoso.example"), .. roles.Select(role => ("roles", role))]);

    /// <summary>The header that the platform adds for a caller with these claims.</summary>
    public static string PrincipalOf(string nameType, IEnumerable<(string Type, string Value)> claims) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new
    {
        auth_typ = "aad",
        name_typ = nameType,
        role_typ = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
        claims = claims.Select(claim => new { typ = claim.Type, val = claim.Value }),
    }));

    /// <summary>Calls the function.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path, with its query.</param>
    /// <param name="principal">The platform's header; null: none.</param>
    /// <param name="body">JSON; null: nothing.</param>
    /// <returns>The context, and what was answered.</returns>
    public Task<(HttpContext Context, string Body)> CallAsync(string method, string path, string? principal, string? body = null) =>
        CallFromAsync(null, method, path, principal, body);

    /// <summary>Calls the function as a browser does for a page of an origin.</summary>
    public async Task<(HttpContext Context, string Body)> CallFromAsync(string? origin, string method, string path, string? principal, string? body = null)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        using var answer = new MemoryStream();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        context.Request.Method = method;
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("appattach.azurewebsites.net");
        var query = path.IndexOf('?', StringComparison.Ordinal);
        context.Request.Path = query < 0 ? path : path[..query];
        context.Request.QueryString = query < 0 ? default : new QueryString(path[query..]);
        if (principal is not null)
        {
            context.Request.Headers[ClientPrincipal.Header] = principal;
        }

        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }

        if (body is not null)
        {
            context.Request.ContentType = method == "PUT" ? "application/octet-stream" : "application/json";
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
            context.Request.ContentLength = context.Request.Body.Length;
        }

        // The worker has routed the call to the function already.
        context.SetEndpoint(new Endpoint(null, null, "Site"));
        context.Request.RouteValues["path"] = path;
        using var ended = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        context.RequestAborted = ended.Token;
        var function = new SiteFunction(_host.Services.GetRequiredService<FleetSite>(), _host.Services.GetRequiredService<DurableOrchestrationClient>());
        await function.RunAsync(context.Request, new FakeDurableTaskClient());
        return (context, Encoding.UTF8.GetString(answer.ToArray()));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Notes what was uploaded, and gives a place for everything.</summary>
    internal sealed class RecordedUpload : IPackageUpload
    {
        public long LargestBytes => 1000;

        public Uri Elsewhere { get; } = new("https://packages.blob.core.windows.net/");

        public List<string> Names { get; } = [];

        public Task<UploadPlace?> FindPlaceAsync(string name, CancellationToken cancellationToken) =>
            Task.FromResult<UploadPlace?>(new UploadPlace(new Uri(Elsewhere, "packages/" + Uri.EscapeDataString(name) + "?sig=1").AbsoluteUri, 8 << 20, DateTimeOffset.UnixEpoch));

        public Task<long?> UploadAsync(string name, Stream content, CancellationToken cancellationToken)
        {
            Names.Add(name);
            return Task.FromResult<long?>(1);
        }
    }

    private sealed class NoDeadLetters : IDeadLetterBox
    {
        public Task<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DeadLetter>>([]);

        public Task<int?> ReplayAsync(DeadLetterReplay replay, string by, CancellationToken cancellationToken) => Task.FromResult<int?>(0);
    }

    private sealed class NoChanges : IChangeSource
    {
        public Task<IReadOnlyList<(string Kind, string Key)>> LookAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<(string Kind, string Key)>>([]);
    }
}
