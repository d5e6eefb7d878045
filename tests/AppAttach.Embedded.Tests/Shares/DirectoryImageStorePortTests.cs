using AppAttach.Embedded.Shares;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;

namespace AppAttach.Embedded.Tests.Shares;

public sealed class DirectoryImageStorePortTests : ImageStorePortTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task StartedAfterAKill_WhatWasHalfWrittenIsCleared()
    {
        var store = await OpenStoreAsync();
        await using var upload = await store.CreateAsync("a.vhdx", CancellationToken.None);
        await upload.Stream.WriteAsync(PortBytes.Make(1000));
        await File.WriteAllTextAsync(_folder.PathOf("images", "b.vhdx"), "an image");
        Assert.NotEmpty(Directory.EnumerateFiles(_folder.PathOf("images"), "*.writing"));
        await OpenStoreAsync();
        Assert.Equal(["b.vhdx"], Directory.EnumerateFiles(_folder.PathOf("images")).Select(Path.GetFileName));
    }

    protected override Task<IImageStore> OpenStoreAsync() => Task.FromResult<IImageStore>(new DirectoryImageStore(_folder.PathOf("images")));

    protected override Task<IReadOnlyList<string>> ListAsync() =>
        Task.FromResult<IReadOnlyList<string>>([.. Directory.EnumerateFiles(_folder.PathOf("images")).Select(path => Path.GetFileName(path)!)]);
}
