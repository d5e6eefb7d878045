using System.Net;
using AppAttach.Contracts;

namespace AppAttach.Pipeline.Intake;

/// <summary>
/// Fetches packages by HTTP, from the addresses that a deployment allows and from nowhere else: whoever may send requests must not make the pipeline open any
/// address its network reaches.
/// </summary>
public sealed class PackageSources : IDisposable
{
    private const int MostRedirects = 5;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(1);

    private readonly List<Uri> _allowed;
    private readonly HttpClient _client;

    /// <summary>Makes them.</summary>
    /// <param name="allowed">Addresses; a package may be fetched from below each.</param>
    /// <exception cref="ArgumentException">One of them is none, see <see cref="FindProblem"/>.</exception>
    public PackageSources(IReadOnlyList<string> allowed)
    {
        if (allowed.Select(FindProblem).FirstOrDefault(problem => problem is not null) is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(allowed));
        }

        _allowed = [.. allowed.Select(source => new Uri(source))];
#pragma warning disable CA2000 // The client disposes of it.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectTimeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
#pragma warning restore CA2000
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>What is wrong with a source as an admin gave it.</summary>
    /// <param name="source">The source.</param>
    /// <returns>A sentence, or null if nothing is.</returns>
    public static string? FindProblem(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var address) && IsHttp(address) && address is { UserInfo: "", Query: "", Fragment: "" }
            && address.AbsolutePath.EndsWith('/') && !HasHiddenSlash(address)
            ? null
            : $"The source '{source}' is no address such as https://packages.contoso.example/msix/: HTTPS or HTTP, a slash at its end, nothing behind that.";

    /// <summary>Whether a package may be fetched from an address.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Whether it lies below an allowed one: same scheme, host and port, and a path below its path.</returns>
    public bool Allows(Uri address) => IsHttp(address) && address.UserInfo.Length == 0 && !HasHiddenSlash(address) && _allowed.Exists(source =>
        source.Scheme == address.Scheme && source.IdnHost == address.IdnHost && source.Port == address.Port
        && address.AbsolutePath.StartsWith(source.AbsolutePath, StringComparison.Ordinal));

    /// <summary>Opens what an address gives. Redirects are followed to where packages may be fetched from.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer, good, with its content still to be read; the caller disposes of it.</returns>
    /// <exception cref="PackageRefusedException">The address is not allowed, or says that it has no such package for us.</exception>
    /// <exception cref="SourceUnavailableException">It does not answer, or not now.</exception>
    public async Task<HttpResponseMessage> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            if (!Allows(address))
            {
                throw Refused(
                    ErrorCodes.PolicyRefused, $"{Shown(address)} is below none of the addresses that packages are fetched from{(redirects > 0 ? ", and is where the one asked for leads" : "")}.");
            }

            var response = await SendAsync(address, cancellationToken);
            var status = response.StatusCode;
            if (status == HttpStatusCode.OK)
            {
                return response;
            }

            var next = response.Headers.Location;
            response.Dispose();
            if (status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
            {
                throw new SourceUnavailableException($"{Shown(address)} answers {(int)status}.");
            }

            if (status is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || next is null || redirects == MostRedirects)
            {
                throw Refused(ErrorCodes.SourceUnavailable, $"{Shown(address)} answers {(int)status}{(redirects == MostRedirects ? $" after {MostRedirects} redirects" : "")}.");
            }

            address = new Uri(address, next);
        }
    }

    /// <summary>An address without what stands behind its question mark, which may be a secret.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The text.</returns>
    public static string Shown(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            return await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SourceUnavailableException($"{Shown(address)} does not answer within {AnswerTimeout.TotalSeconds} s.", e);
        }
        catch (HttpRequestException e)
        {
            throw new SourceUnavailableException($"{Shown(address)} cannot be reached: {e.Message}", e);
        }
    }

    private static bool IsHttp(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp;

    /// <summary>Some servers take an escaped slash for a slash, and then a path leads elsewhere than it seems to.</summary>
    private static bool HasHiddenSlash(Uri address) =>
        address.AbsolutePath.Contains("%2F", StringComparison.OrdinalIgnoreCase) || address.AbsolutePath.Contains("%5C", StringComparison.OrdinalIgnoreCase);

    private static PackageRefusedException Refused(string code, string message) => new(new Rejection(code, message));
}
