using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AppAttach.Azure.Files;

/// <summary>
/// The few calls of the Azure Files REST API that a copy needs, over the pipeline of Azure.Core (retry, token, diagnostics). Written
/// by hand because they are eleven and the intent header is needed on each. Checked against a protocol fake that enforces what the
/// documentation says, and against nothing else: there is no emulator of Azure Files.
/// </summary>
/// <remarks>
/// learn.microsoft.com/rest/api/storageservices: create-directory, list-directories-and-files, create-file2, put-range, put-range-from-url, list-ranges,
/// get-file, get-file-properties, rename-file, delete-file2.
/// </remarks>
internal sealed class FileShareClient
{
    /// <summary>Bytes that one Put Range or Put Range From URL carries at most.</summary>
    public const int MaximumRangeBytes = 4 << 20;

    private readonly Uri _share;
    private readonly HttpPipeline _pipeline;

    /// <summary>Makes a client.</summary>
    /// <param name="share">The share, <c>https://ACCOUNT.file.core.windows.net/SHARE</c>.</param>
    /// <param name="credential">Its identity needs Storage File Data Privileged Contributor on the account.</param>
    /// <param name="options">Retry and transport.</param>
    public FileShareClient(Uri share, TokenCredential credential, FileShareClientOptions options)
    {
        _share = share;
        _pipeline = HttpPipelineBuilder.Build(
            options,
            new FileServiceHeadersPolicy(),
            new BearerTokenAuthenticationPolicy(credential, StorageScope.Default));
    }

    /// <summary>The address of a file or directory.</summary>
    public Uri UriOf(string path) =>
        new($"{_share.AbsoluteUri.TrimEnd('/')}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

    /// <summary>Makes a directory; one that is there is fine. Its parent must be there.</summary>
    public async Task CreateDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        using var message = Make(RequestMethod.Put, path, "restype=directory");
        message.Request.Headers.Add("x-ms-file-attributes", "Directory");
        AddInheritedPermission(message.Request);
        await SendAsync(message, cancellationToken, 201, 409);
        if (message.Response.Status == 409 && ErrorCode(message.Response) != "ResourceAlreadyExists")
        {
            throw Failed(message);
        }
    }

    /// <summary>Makes a file of its full length, all zeros; one that is there is emptied.</summary>
    public async Task CreateFileAsync(string path, long lengthBytes, CancellationToken cancellationToken)
    {
        using var message = Make(RequestMethod.Put, path, query: null);
        message.Request.Headers.Add("x-ms-type", "file");
        message.Request.Headers.Add("x-ms-content-length", lengthBytes.ToString(CultureInfo.InvariantCulture));
        message.Request.Headers.Add("x-ms-file-attributes", "None");
        AddInheritedPermission(message.Request);
        await SendAsync(message, cancellationToken, 201);
    }

    /// <summary>The length of a file in bytes, or null if there is none.</summary>
    public async Task<long?> GetLengthAsync(string path, CancellationToken cancellationToken)
    {
        using var message = Make(RequestMethod.Head, path, query: null);
        await SendAsync(message, cancellationToken, 200, 404);
        return message.Response.Status == 404 ? null : message.Response.Headers.ContentLengthLong;
    }

    /// <summary>Names of the files in a directory, in no order; none if there is no such directory.</summary>
    public async Task<IReadOnlyList<string>> ListFilesAsync(string path, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var marker = "";
        do
        {
            using var message = Make(RequestMethod.Get, path, $"restype=directory&comp=list&marker={Uri.EscapeDataString(marker)}");
            await SendAsync(message, cancellationToken, 200, 404);
            if (message.Response.Status == 404)
            {
                return [];
            }

            marker = await ReadListAsync(
                message,
                list =>
                {
                    names.AddRange(list.Elements("Entries").Elements("File").Elements("Name").Select(name => name.Value));
                    return (string?)list.Element("NextMarker") ?? "";
                },
                cancellationToken);
        }
        while (marker.Length > 0);

        return names;
    }

    /// <summary>What was written to a file so far, in order.</summary>
    public async Task<IReadOnlyList<FileRange>> ListRangesAsync(string path, CancellationToken cancellationToken)
    {
        using var message = Make(RequestMethod.Get, path, "comp=rangelist");
        await SendAsync(message, cancellationToken, 200);
        return await ReadListAsync<IReadOnlyList<FileRange>>(
            message,
            list => [.. list.Elements("Range").Select(range =>
                new FileRange((long)range.Element("Start")!, (long)range.Element("End")!)).OrderBy(range => range.Start)],
            cancellationToken);
    }

    /// <summary>Copies a range from another address into a file, from server to server.</summary>
    /// <param name="path">The file.</param>
    /// <param name="range">The range, at most <see cref="MaximumRangeBytes"/> long.</param>
    /// <param name="source">Where to copy from: a blob, or a file of any share.</param>
    /// <param name="sourceStart">Where the range starts there, in bytes.</param>
    /// <param name="sourceToken">A token for the source.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task PutRangeFromUrlAsync(
        string path,
        FileRange range,
        Uri source,
        long sourceStart,
        string sourceToken,
        CancellationToken cancellationToken)
    {
        using var message = Make(RequestMethod.Put, path, "comp=range");
        message.Request.Headers.Add("x-ms-write", "update");
        message.Request.Headers.Add("x-ms-range", range.ToString());
        message.Request.Headers.Add("x-ms-source-range", range.MovedTo(sourceStart).ToString());
        message.Request.Headers.Add("x-ms-copy-source", source.AbsoluteUri);
        message.Request.Headers.Add("x-ms-copy-source-authorization", "Bearer " + sourceToken);
        await SendAsync(message, cancellationToken, 201);
    }

    /// <summary>Reads a range of a file.</summary>
    public async Task<byte[]> ReadRangeAsync(string path, FileRange range, CancellationToken cancellationToken)
    {
        using var message = Make(RequestMethod.Get, path, query: null);
        message.Request.Headers.Add("x-ms-range", range.ToString());
        await SendAsync(message, cancellationToken, 206);
        var content = message.Response.Content.ToArray();
        return content.Length == range.Length
            ? content
            : throw new IOException($"{range.Length} bytes of {path} were asked for ({range}); {content.Length} came.");
    }

    /// <summary>Gives a file another name within its share, in one step, replacing a file of that name.</summary>
    public async Task RenameFileAsync(string path, string newPath, CancellationToken cancellationToken)
    {
        using var message = Make(RequestMethod.Put, newPath, "comp=rename");
        message.Request.Headers.Add("x-ms-file-rename-source", UriOf(path).AbsoluteUri);
        message.Request.Headers.Add("x-ms-file-rename-replace-if-exists", "true");
        await SendAsync(message, cancellationToken, 200);
    }

    /// <summary>Deletes a file; one that is not there is passed over.</summary>
    public async Task DeleteFileAsync(string path, CancellationToken cancellationToken)
    {
        using var message = Make(RequestMethod.Delete, path, query: null);
        await SendAsync(message, cancellationToken, 202, 404);
    }

    private static async Task<TResult> ReadListAsync<TResult>(HttpMessage message, Func<XElement, TResult> read, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = XmlReader.Create(
                message.Response.ContentStream!, new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit });
            return read((await XDocument.LoadAsync(reader, LoadOptions.None, cancellationToken)).Root!);
        }
        catch (Exception e) when (e is XmlException or FormatException or ArgumentNullException)
        {
            throw new IOException($"The list at {message.Request.Uri.ToUri().AbsoluteUri} cannot be read: {e.Message}", e);
        }
    }

    private static void AddInheritedPermission(Request request)
    {
        request.Headers.Add("x-ms-file-permission", "inherit");
        request.Headers.Add("x-ms-file-creation-time", "now");
        request.Headers.Add("x-ms-file-last-write-time", "now");
    }

    private static string? ErrorCode(Response response) => response.Headers.TryGetValue("x-ms-error-code", out var code) ? code : null;

    /// <summary>Azure Files says its code in a header, to HEAD requests too; Azure.Core itself looks into the body only.</summary>
    private static RequestFailedException Failed(HttpMessage message)
    {
        var (request, code) = (message.Request, ErrorCode(message.Response));
        var answer = $"{message.Response.Status} {code ?? message.Response.ReasonPhrase}";
        var text = $"{request.Method} {request.Uri.ToUri().AbsoluteUri} was answered with {answer}.";
        return new RequestFailedException(message.Response.Status, text, code, innerException: null);
    }

    private HttpMessage Make(RequestMethod method, string path, string? query)
    {
        var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(UriOf(path));
        message.Request.Uri.Query = query ?? "";
        message.Request.Headers.Add("Accept", "application/xml");
        return message;
    }

    private async Task SendAsync(HttpMessage message, CancellationToken cancellationToken, params int[] expected)
    {
        await _pipeline.SendAsync(message, cancellationToken);
        if (!expected.Contains(message.Response.Status))
        {
            throw Failed(message);
        }
    }
}
