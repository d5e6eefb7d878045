using AppAttach.Listener.Mounting;

namespace AppAttach.Listener.Tests.Mounting;

/// <summary>A folder of a test below which things are mounted; nothing is left mounted when the test ends, however it ends.</summary>
internal sealed class MountedFolder : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string PathOf(params string[] segments) => _folder.PathOf(segments);

    public async ValueTask DisposeAsync()
    {
        foreach (var point in MountTable.ListBelow(_folder.Path))
        {
            await Judge.RunAsync("umount", "--lazy", point);
        }

        Assert.Empty(MountTable.ListBelow(_folder.Path));
        _folder.Dispose();
    }
}
