using AppAttach.Embedded.Inbox;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;

namespace AppAttach.Embedded.Tests.Inbox;

public sealed class FolderInboxPortTests : PackageInboxPortTests, IDisposable
{
    private static readonly string[] Marks = ["released", "rejected", "failed"];

    private readonly TemporaryFolder _folder = new();
    private readonly FolderInbox _inbox;
    private DateTime _time = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    public FolderInboxPortTests() => _inbox = new FolderInbox(_folder.PathOf("inbox"));

    public void Dispose() => _folder.Dispose();

    protected override Task<IPackageInbox> OpenInboxAsync() => Task.FromResult<IPackageInbox>(_inbox);

    protected override async Task<PackageDrop> DropAsync(string name, byte[] content)
    {
        // A second apart, as people are: two writes of the same size in one tick of the file system's clock look the same.
        await File.WriteAllBytesAsync(PathOf(name), content);
        File.SetLastWriteTimeUtc(PathOf(name), _time = _time.AddSeconds(1));
        return _inbox.Describe(name)!;
    }

    protected override Task RemoveAsync(string name)
    {
        File.Delete(PathOf(name));
        return Task.CompletedTask;
    }

    protected override async Task<(string State, string Detail)?> ReadMarkAsync(string name)
    {
        var mark = Marks.SingleOrDefault(mark => File.Exists(PathOf($"{name}.{mark}.txt")));
        return mark is null ? null : (mark, (await File.ReadAllTextAsync(PathOf($"{name}.{mark}.txt"))).TrimEnd());
    }

    private string PathOf(string name) => Path.Combine(_inbox.Folder, name);
}
