using AppAttach.Embedded.Hosting;

namespace AppAttach.Embedded.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FolderInUse_IsRefusedUntilItIsFree()
    {
        using (new DataFolder(_folder.Path))
        {
            var refusal = Assert.Throws<SettingsException>(() => new DataFolder(_folder.Path));
            Assert.Contains(_folder.Path, refusal.Message, StringComparison.Ordinal);
        }

        using var again = new DataFolder(_folder.Path);
        Assert.Equal(_folder.Path, again.Path);
    }

    [Fact]
    public void KeyWrittenAgain_IsReplacedWholeAndItsOwnersOnly()
    {
        using var data = new DataFolder(_folder.Path);
        DataFolder.WriteKey(data.KeyPath("host-1"), "first");

        // A reader that has the old file open keeps all of it: the new one is another file.
        using var reader = new StreamReader(new FileStream(data.KeyPath("host-1"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        File.WriteAllText(data.KeyPath("host-1") + ".new", "half");
        DataFolder.WriteKey(data.KeyPath("host-1"), "second");
        Assert.Equal("first", reader.ReadToEnd());
        Assert.Equal("second", File.ReadAllText(data.KeyPath("host-1")));
        Assert.Equal([data.KeyPath("host-1")], Directory.EnumerateFiles(data.Keys));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.KeyPath("host-1")));
        }
    }
}
