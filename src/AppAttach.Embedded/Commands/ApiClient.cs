using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AppAttach.Api;
using AppAttach.Api.Access;
using AppAttach.Api.Answers;
using AppAttach.Contracts;
using AppAttach.Embedded.Hosting;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Commands;

/// <summary>Speaks to the API of a running host, for the commands that do.</summary>
/// <param name="server">Address of the host.</param>
internal sealed class ApiClient(Uri server) : IDisposable
{
    /// <summary>Environment variable with the key of a reader or operator; none is needed on the host's own machine. Arguments of a command can be seen by others.</summary>
    public const string KeyVariable = "APPATTACH_KEY";

    private readonly HttpClient _http = MakeHttp(server);

    /// <summary><c>--server</c>.</summary>
    public static Option<string> Server()
    {
        var option = new Option<string>("--server") { Description = "Address of the host.", DefaultValueFactory = _ => EmbeddedHost.DefaultUrl };
        option.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetRequiredValue(option), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                result.AddError($"'{result.GetRequiredValue(option)}' is no address; give one like {EmbeddedHost.DefaultUrl}.");
            }
        });
        return option;
    }

    /// <summary>Reads a document.</summary>
    /// <typeparam name="TDocument">Its type.</typeparam>
    /// <param name="path">Path below the API.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The document.</returns>
    /// <exception cref="ApiProblemException">The host refuses.</exception>
    /// <exception cref="HttpRequestException">The host is away or answers otherwise.</exception>
    public async Task<TDocument> GetAsync<TDocument>(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, FleetApi.Prefix + path);
        return await SendAsync<TDocument>(request, cancellationToken);
    }

    /// <summary>Reads a list, page after page.</summary>
    /// <typeparam name="TItem">Type of the items.</typeparam>
    /// <param name="path">Path below the API.</param>
    /// <param name="filters">Names and values of the list's filters; a value that is null asks for nothing.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>All items.</returns>
    public async Task<List<TItem>> ListAsync<TItem>(string path, IEnumerable<(string Name, string? Value)> filters, CancellationToken cancellationToken)
    {
        var query = string.Concat(filters.Where(filter => filter.Value is not null).Select(filter => $"&{filter.Name}={Uri.EscapeDataString(filter.Value!)}"));
        var items = new List<TItem>();
        string? after = null;
        do
        {
            var page = await GetAsync<ApiPage<TItem>>($"{path}?limit=1000{query}{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", cancellationToken);
            items.AddRange(page.Items);
            after = page.After;
        }
        while (after is not null);
        return items;
    }

    /// <summary>Follows what changes on the host.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>An item for each notice, the silent ones included.</returns>
    public async IAsyncEnumerable<string> ChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, FleetApi.Prefix + "/events");
        using var response = await RequireAsync(await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken), cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            yield return item.Data;
        }
    }

    /// <summary>Posts a document and reads the answer.</summary>
    /// <typeparam name="TAnswer">Type of the answer.</typeparam>
    /// <param name="path">Path below the API.</param>
    /// <param name="document">The document.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ApiProblemException">The host refuses.</exception>
    /// <exception cref="HttpRequestException">The host is away or answers otherwise.</exception>
    public async Task<TAnswer> PostAsync<TAnswer>(string path, JsonObject document, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, FleetApi.Prefix + path) { Content = JsonContent.Create(document) };
        return await SendAsync<TAnswer>(request, cancellationToken);
    }

    /// <summary>Asks for something and shows the answer.</summary>
    /// <param name="verb">What is asked for.</param>
    /// <param name="content">The request's content.</param>
    /// <param name="json">Whether to show the answer as it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Done if it was taken.</returns>
    public async Task<ExitCode> AskAsync(RequestVerb verb, JsonObject content, bool json, CancellationToken cancellationToken)
    {
        var reply = await PostAsync<RequestReply>("/requests/" + KebabCaseName.Of(verb), content, cancellationToken);
        if (json)
        {
            ApiJsonOutput.Write(reply);
            return ExitCode.Done;
        }

        await Console.Out.WriteLineAsync(reply.Message);
        foreach (var rollout in reply.Rollouts)
        {
            await Console.Out.WriteLineAsync(rollout);
        }

        return ExitCode.Done;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static HttpClient MakeHttp(Uri server)
    {
        var http = new HttpClient { BaseAddress = server };
        http.DefaultRequestHeaders.Add(ApiAccess.ByHeader, Environment.UserName);
        if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return http;
    }

    /// <summary>Lets an answer through that is one; otherwise throws what the host says.</summary>
    private async Task<HttpResponseMessage> RequireAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            using (response)
            {
                var problem = await response.Content.ReadFromJsonAsync<ApiProblem>(OrchestrationJson.Options, cancellationToken) ?? throw new JsonException("It is null.");
                throw new ApiProblemException(problem, server);
            }
        }

        return response.EnsureSuccessStatusCode();
    }

    private async Task<TAnswer> SendAsync<TAnswer>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await RequireAsync(await _http.SendAsync(request, cancellationToken), cancellationToken);
            return await response.Content.ReadFromJsonAsync<TAnswer>(OrchestrationJson.Options, cancellationToken)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new HttpRequestException($"{server} gave an answer that cannot be read: is it an embedded host of this version?", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            throw new HttpRequestException($"No host answers at {server} ({e.Message}). Start one: appattach run --data DIR; or name another: --server URL.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"{server} gave no answer within {_http.Timeout.TotalSeconds} s.", e);
        }
    }
}
