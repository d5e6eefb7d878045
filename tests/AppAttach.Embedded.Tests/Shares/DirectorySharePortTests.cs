using AppAttach.Embedded.Shares;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;

namespace AppAttach.Embedded.Tests.Shares;

public sealed class DirectorySharePortTests : RegionalSharePortTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DirectoryImageStore _images;

    public DirectorySharePortTests()
    {
        _images = new DirectoryImageStore(_folder.PathOf("images"));
        Directory.CreateDirectory(Share);
    }

    private string Share => _folder.PathOf("shares", "north");

    public void Dispose() => _folder.Dispose();

    protected override Task<IRegionalShare> OpenShareAsync() => Task.FromResult(new DirectoryShares(_folder.PathOf("shares"), ["north"], _images).Get("north"));

    protected override Task PutIntoHubAsync(string name, byte[] content) => File.WriteAllBytesAsync(Path.Combine(_images.Folder, name), content);

    protected override Task PutOnShareAsync(string name, byte[] content) => File.WriteAllBytesAsync(Path.Combine(Share, name), content);

    protected override Task PutUnfinishedOnShareAsync(string name, byte[] content, byte[] image) => PutOnShareAsync(name + ".copying", content);

    protected override bool UsesPreviousCopies => true;

    protected override Task<IReadOnlyList<string>> ListShareAsync() =>
        Task.FromResult<IReadOnlyList<string>>([.. Directory.EnumerateFileSystemEntries(Share).Select(path => Path.GetFileName(path)!)]);

    protected override Task<byte[]> ReadShareAsync(string name) => File.ReadAllBytesAsync(Path.Combine(Share, name));

    protected override Task SetAwayAsync(bool isAway)
    {
        if (isAway)
        {
            Directory.Move(Share, Share + ".away");
        }
        else
        {
            Directory.Move(Share + ".away", Share);
        }

        return Task.CompletedTask;
    }
}
