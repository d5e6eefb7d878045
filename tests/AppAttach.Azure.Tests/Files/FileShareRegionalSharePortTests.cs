using AppAttach.Azure.Tests.Blobs;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;

namespace AppAttach.Azure.Tests.Files;

public sealed class FileShareRegionalSharePortTests : RegionalSharePortTests
{
    private const string Folder = "images/";

    private readonly FakeFileService _service = new();

    protected override Task<IRegionalShare> OpenShareAsync() => Task.FromResult<IRegionalShare>(FileShares.Make(_service, "north", "acct"));

    protected override Task PutIntoHubAsync(string name, byte[] content)
    {
        _service.Sources[FileShares.HubAddressOf(name)] = content;
        return Task.CompletedTask;
    }

    protected override Task PutOnShareAsync(string name, byte[] content) => PutAsync(name, content, content.Length);

    /// <summary>A copy begins with a file of the image's length, and its ranges come after.</summary>
    protected override Task PutUnfinishedOnShareAsync(string name, byte[] content, byte[] image) => PutAsync(
        $"{name}.{Bytes.Hash(image)[..16]}.partial", content, Math.Max(image.Length, content.Length));

    protected override bool UsesPreviousCopies => true;

    protected override Task<IReadOnlyList<string>> ListShareAsync() =>
        Task.FromResult<IReadOnlyList<string>>([.. _service.Files.Keys.Select(path => path[Folder.Length..])]);

    protected override Task<byte[]> ReadShareAsync(string name) => Task.FromResult(_service.Files[Folder + name].Content);

    protected override Task SetAwayAsync(bool isAway)
    {
        _ = isAway ? _service.AwayAccounts.Add("acct") : _service.AwayAccounts.Remove("acct");
        return Task.CompletedTask;
    }

    private Task PutAsync(string name, byte[] content, int lengthBytes)
    {
        var file = new byte[lengthBytes];
        content.CopyTo(file, 0);
        _service.Directories.Add(Folder.TrimEnd('/'));
        _service.Files[Folder + name] = (file, content.Length == 0 ? [] : new() { [0] = content.Length - 1 });
        return Task.CompletedTask;
    }
}
