using System.Globalization;
using System.Net;
using System.Text;
using System.Web;

namespace AppAttach.Azure.Tests.Files;

/// <summary>
/// Azure Files as its REST reference describes it, as far as a copy needs it: required headers, the limit of 4 MiB a range, missing
/// parents, names that exist, open files. It says no where the reference says no; it is not the service. Beside it, of the hub: whether
/// a blob exists. Accounts are the first label of a host name, and each has a share <c>share</c>.
/// </summary>
internal sealed class FakeFileService : HttpMessageHandler
{
    private const string Share = "/share/";

    private const string FileHost = ".file.core.windows.net";

    /// <summary>Files in one answer at most when a directory is listed; the service gives 5,000.</summary>
    private const int ListedFiles = 3;

    private readonly Lock _lock = new();

    /// <summary>Directories by path.</summary>
    public HashSet<string> Directories { get; } = [];

    /// <summary>Files by path: content, and the ranges that were written.</summary>
    public Dictionary<string, (byte[] Content, SortedDictionary<long, long> Ranges)> Files { get; } = [];

    /// <summary>Blobs of the hub, by address.</summary>
    public Dictionary<string, byte[]> Sources { get; } = [];

    /// <summary>Files that a client has open.</summary>
    public HashSet<string> Open { get; } = [];

    /// <summary>Operations in their order, such as <c>range bytes=0-9</c>.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Bytes that were copied from the hub.</summary>
    public long HubBytes { get; private set; }

    /// <summary>Whether a file may be copied from with a token, as a blob may.</summary>
    public bool TakesTokensForFiles { get; set; } = true;

    /// <summary>In what blocks ranges are listed: those of a sparse file may be larger than what was written.</summary>
    public int ListedBlockBytes { get; set; } = 1;

    /// <summary>Accounts that answer 503 to everything.</summary>
    public HashSet<string> AwayAccounts { get; } = [];

    /// <summary>May answer instead of the service.</summary>
    public Func<string, HttpStatusCode?> Interfere { get; set; } = _ => null;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var response = request.RequestUri!.Host.Contains(".blob.", StringComparison.Ordinal)
                ? AnswerForHub(request)
                : Authorize(request) ?? Answer(request);
            response.RequestMessage = request;
            response.Content ??= new ByteArrayContent([]);
            return Task.FromResult(response);
        }
    }

    private static HttpResponseMessage? Authorize(HttpRequestMessage request)
    {
        if (request.Headers.Authorization is not { Scheme: "Bearer", Parameter: "token-for-https://storage.azure.com/.default" })
        {
            return Error(HttpStatusCode.Unauthorized, "NoAuthenticationInformation");
        }

        var isAllowed = string.CompareOrdinal(Header(request, "x-ms-version"), "2022-11-02") >= 0
            && Header(request, "x-ms-file-request-intent") == "backup";
        return isAllowed ? null : Error(HttpStatusCode.BadRequest, "MissingRequiredHeader");
    }

    private static string? Header(HttpRequestMessage request, string name) =>
        request.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    private static HttpResponseMessage Error(HttpStatusCode status, string code)
    {
        var response = new HttpResponseMessage(status);
        response.Headers.Add("x-ms-error-code", code);
        return response;
    }

    private static (long Start, long End)? Range(string? header)
    {
        var parts = header?.Replace("bytes=", "", StringComparison.Ordinal).Split('-');
        return parts is [var start, var end]
            ? (long.Parse(start, CultureInfo.InvariantCulture), long.Parse(end, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>A file's key: its path in the share, after the account unless that is the usual one.</summary>
    private static string KeyOf(Uri uri)
    {
        var account = uri.Host.Split('.')[0];
        return (account == "acct" ? "" : account + ":") + Uri.UnescapeDataString(uri.AbsolutePath)[Share.Length..];
    }

    private long EndOfBlock(long end, long fileBytes) => Math.Min(((end / ListedBlockBytes) + 1) * ListedBlockBytes, fileBytes) - 1;

    private HttpResponseMessage AnswerForHub(HttpRequestMessage request)
    {
        if (request.Method != HttpMethod.Head || !Sources.TryGetValue(request.RequestUri!.AbsoluteUri, out var source))
        {
            return Error(HttpStatusCode.NotFound, "BlobNotFound");
        }

        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        response.Headers.ETag = new("\"0x1\"");
        response.Content.Headers.ContentLength = source.Length;
        response.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
        return response;
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var uri = request.RequestUri!;
        var path = Uri.UnescapeDataString(uri.AbsolutePath);
        if (!uri.Host.EndsWith(FileHost, StringComparison.Ordinal) || !path.StartsWith(Share, StringComparison.Ordinal))
        {
            return Error(HttpStatusCode.NotFound, "ShareNotFound");
        }

        var account = uri.Host.Split('.')[0];
        path = KeyOf(uri);
        var asked = HttpUtility.ParseQueryString(uri.Query);
        var kind = string.Join('&', new[] { "restype", "comp" }.Where(name => asked[name] is not null).Select(name => $"{name}={asked[name]}"));
        var operation = string.Join(' ', new[] { request.Method.Method, kind, Header(request, "x-ms-range") }.Where(part => part is { Length: > 0 }));
        Log.Add(operation);
        if ((AwayAccounts.Contains(account) ? HttpStatusCode.ServiceUnavailable : Interfere(operation)) is { } status)
        {
            var busy = Error(status, "ServerBusy");
            busy.Headers.Add("Retry-After", "0");
            return busy;
        }

        return (request.Method.Method, kind) switch
        {
            ("GET", "restype=directory&comp=list") => ListFiles(path, asked["marker"] ?? ""),
            ("PUT", "restype=directory") => CreateDirectory(path),
            ("PUT", "") => CreateFile(request, path),
            ("PUT", "comp=range") => PutRangeFromUrl(request, path),
            ("PUT", "comp=rename") => Rename(request, path),
            ("GET", "comp=rangelist") => ListRanges(path),
            ("GET", "") => Read(request, path),
            ("HEAD", "") => Head(path),
            ("DELETE", "") => Delete(path),
            _ => Error(HttpStatusCode.BadRequest, "InvalidQueryParameterValue"),
        };
    }

    private HttpResponseMessage CreateDirectory(string path) =>
        Directories.Add(path) ? new HttpResponseMessage(HttpStatusCode.Created) : Error(HttpStatusCode.Conflict, "ResourceAlreadyExists");

    private HttpResponseMessage CreateFile(HttpRequestMessage request, string path)
    {
        if (Header(request, "x-ms-type") != "file" || Header(request, "x-ms-content-length") is not { } length)
        {
            return Error(HttpStatusCode.BadRequest, "MissingRequiredHeader");
        }

        if (!Directories.Contains(path[..path.LastIndexOf('/')]))
        {
            return Error(HttpStatusCode.NotFound, "ParentNotFound");
        }

        if (Open.Contains(path))
        {
            return Error(HttpStatusCode.Conflict, "SharingViolation");
        }

        Files[path] = (new byte[long.Parse(length, CultureInfo.InvariantCulture)], []);
        return new HttpResponseMessage(HttpStatusCode.Created);
    }

    private HttpResponseMessage PutRangeFromUrl(HttpRequestMessage request, string path)
    {
        if (!Files.TryGetValue(path, out var file))
        {
            return Error(HttpStatusCode.NotFound, "ResourceNotFound");
        }

        if (Range(Header(request, "x-ms-range")) is not var (start, end)
            || Range(Header(request, "x-ms-source-range")) is not var (sourceStart, sourceEnd)
            || Header(request, "x-ms-write") != "update"
            || request.Content?.Headers.ContentLength is > 0)
        {
            return Error(HttpStatusCode.BadRequest, "MissingRequiredHeader");
        }

        if (end - start + 1 > 4 << 20)
        {
            return Error(HttpStatusCode.RequestEntityTooLarge, "RequestBodyTooLarge");
        }

        if (end >= file.Content.Length || sourceEnd - sourceStart != end - start)
        {
            return Error(HttpStatusCode.RequestedRangeNotSatisfiable, "InvalidRange");
        }

        if (FindSource(request) is not { } source)
        {
            return Error(HttpStatusCode.Forbidden, "CannotVerifyCopySource");
        }

        if (sourceEnd >= source.Length)
        {
            return Error(HttpStatusCode.RequestedRangeNotSatisfiable, "InvalidRange");
        }

        source.AsSpan((int)sourceStart, (int)(sourceEnd - sourceStart + 1)).CopyTo(file.Content.AsSpan((int)start));
        file.Ranges[start] = end;
        return new HttpResponseMessage(HttpStatusCode.Created);
    }

    /// <summary>Another file is read as Get File would: with a token, and with the intent that came with the request.</summary>
    private byte[]? FindSource(HttpRequestMessage request)
    {
        var address = Header(request, "x-ms-copy-source") ?? "";
        if (address.Length > 2048 || Header(request, "x-ms-copy-source-authorization") != "Bearer token-for-https://storage.azure.com/.default")
        {
            return null;
        }

        if (Sources.TryGetValue(address, out var blob))
        {
            HubBytes += Range(Header(request, "x-ms-range")) is var (start, end) ? end - start + 1 : 0;
            return blob;
        }

        return TakesTokensForFiles && new Uri(address) is { Host: var host } uri && host.EndsWith(FileHost, StringComparison.Ordinal)
            && !AwayAccounts.Contains(host.Split('.')[0]) ? Files.GetValueOrDefault(KeyOf(uri)).Content : null;
    }

    private HttpResponseMessage ListFiles(string path, string marker)
    {
        if (!Directories.Contains(path))
        {
            return Error(HttpStatusCode.NotFound, "ResourceNotFound");
        }

        var names = Files.Keys.Where(file => file.StartsWith(path + "/", StringComparison.Ordinal)).Select(file => file[(path.Length + 1)..])
            .Where(name => string.CompareOrdinal(name, marker) > 0).Order(StringComparer.Ordinal).ToList();
        var page = names.Take(ListedFiles).ToList();
        var entries = string.Concat(page.Select(name => $"<File><Name>{name}</Name><Properties /></File>"));
        return Xml($"<EnumerationResults><Entries><Directory><Name>other</Name></Directory>{entries}</Entries>"
            + $"<NextMarker>{(names.Count > page.Count ? page[^1] : "")}</NextMarker></EnumerationResults>");
    }

    private static HttpResponseMessage Xml(string content) => new(HttpStatusCode.OK)
    {
        Content = new StringContent($"<?xml version=\"1.0\" encoding=\"utf-8\"?>{content}", Encoding.UTF8, "application/xml"),
    };

    private HttpResponseMessage ListRanges(string path)
    {
        if (!Files.TryGetValue(path, out var file))
        {
            return Error(HttpStatusCode.NotFound, "ResourceNotFound");
        }

        var ranges = string.Concat(file.Ranges.Select(range =>
            $"<Range><Start>{range.Key / ListedBlockBytes * ListedBlockBytes}</Start><End>{EndOfBlock(range.Value, file.Content.Length)}</End></Range>"));
        return Xml($"<Ranges>{ranges}</Ranges>");
    }

    private HttpResponseMessage Read(HttpRequestMessage request, string path)
    {
        if (!Files.TryGetValue(path, out var file))
        {
            return Error(HttpStatusCode.NotFound, "ResourceNotFound");
        }

        return Range(Header(request, "x-ms-range")) is var (start, end) && end < file.Content.Length
            ? new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = new ByteArrayContent(file.Content[(int)start..(int)(end + 1)]) }
            : Error(HttpStatusCode.RequestedRangeNotSatisfiable, "InvalidRange");
    }

    private HttpResponseMessage Head(string path) => Files.TryGetValue(path, out var file)
        ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) { Headers = { ContentLength = file.Content.Length } } }
        : Error(HttpStatusCode.NotFound, "ResourceNotFound");

    private HttpResponseMessage Rename(HttpRequestMessage request, string path)
    {
        var from = new Uri(Header(request, "x-ms-file-rename-source")!);
        if (from.Host != request.RequestUri!.Host)
        {
            return Error(HttpStatusCode.BadRequest, "InvalidHeaderValue");
        }

        var source = KeyOf(from);
        if (!Files.TryGetValue(source, out var file))
        {
            return Error(HttpStatusCode.NotFound, "ResourceNotFound");
        }

        if (Open.Contains(path))
        {
            return Error(HttpStatusCode.Conflict, "SharingViolation");
        }

        if (Files.ContainsKey(path) && Header(request, "x-ms-file-rename-replace-if-exists") != "true")
        {
            return Error(HttpStatusCode.Conflict, "ResourceAlreadyExists");
        }

        Files.Remove(source);
        Files[path] = file;
        return new HttpResponseMessage(HttpStatusCode.OK);
    }

    private HttpResponseMessage Delete(string path)
    {
        if (Open.Contains(path))
        {
            return Error(HttpStatusCode.Conflict, "SharingViolation");
        }

        return Files.Remove(path) ? new HttpResponseMessage(HttpStatusCode.Accepted) : Error(HttpStatusCode.NotFound, "ResourceNotFound");
    }
}
