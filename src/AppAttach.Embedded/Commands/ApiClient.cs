using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AppAttach.Contracts;
using AppAttach.Embedded.Hosting;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Commands;

/// <summary>Speaks to the API of a running host, for the commands that do.</summary>
/// <param name="server">Address of the host.</param>
internal sealed class ApiClient(Uri server) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = server };

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
    /// <exception cref="HttpRequestException">The host is away or answers otherwise.</exception>
    public async Task<TDocument> GetAsync<TDocument>(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetFromJsonAsync<TDocument>(ApiAnswers.Prefix + path, OrchestrationJson.Options, cancellationToken)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new HttpRequestException($"{server} gave an answer that cannot be read: is it an embedded host of this version?", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"{server} gave no answer within {_http.Timeout.TotalSeconds} s.", e);
        }
    }

    /// <summary>Reads a list, page after page.</summary>
    /// <typeparam name="TItem">Type of the items.</typeparam>
    /// <param name="path">Path below the API.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>All items.</returns>
    public async Task<List<TItem>> ListAsync<TItem>(string path, CancellationToken cancellationToken)
    {
        var items = new List<TItem>();
        string? after = null;
        do
        {
            var page = await GetAsync<ApiPage<TItem>>($"{path}?limit=1000{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", cancellationToken);
            items.AddRange(page.Items);
            after = page.After;
        }
        while (after is not null);
        return items;
    }

    /// <summary>Posts a document and reads the answer, whether it is accepted or not.</summary>
    /// <typeparam name="TAnswer">Type of the answer.</typeparam>
    /// <param name="path">Path below the API.</param>
    /// <param name="document">The document.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer.</returns>
    public async Task<TAnswer> PostAsync<TAnswer>(string path, JsonObject document, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ApiAnswers.Prefix + path) { Content = JsonContent.Create(document) };
        request.Headers.Add(RequestEndpoints.ByHeader, Environment.UserName);
        using var response = await _http.SendAsync(request, cancellationToken);
        try
        {
            return await response.Content.ReadFromJsonAsync<TAnswer>(OrchestrationJson.Options, cancellationToken) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new HttpRequestException($"{server} answered {(int)response.StatusCode}: is it an embedded host of this version?", e);
        }
    }

    /// <summary>Asks for something and shows the answer.</summary>
    /// <param name="verb">What is asked for.</param>
    /// <param name="content">The request's content.</param>
    /// <param name="json">Whether to show the answer as it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Done if it was taken.</returns>
    public async Task<ExitCode> AskAsync(RequestVerb verb, JsonObject content, bool json, CancellationToken cancellationToken)
    {
        var reply = await PostAsync<RequestReply>("/requests/" + JsonNamingPolicy.KebabCaseLower.ConvertName(verb.ToString()), content, cancellationToken);
        if (json)
        {
            JsonOutput.Write(reply);
        }
        else
        {
            await (reply.IsAccepted ? Console.Out : Console.Error).WriteLineAsync(reply.Code is null ? reply.Message : $"{reply.Code}: {reply.Message}");
            foreach (var rollout in reply.Rollouts)
            {
                await Console.Out.WriteLineAsync(rollout);
            }
        }

        return reply.IsAccepted ? ExitCode.Done : ExitCode.Failed;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
