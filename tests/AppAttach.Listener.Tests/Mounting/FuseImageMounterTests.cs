using System.Diagnostics;
using AppAttach.Contracts;
using AppAttach.Listener.Mounting;

namespace AppAttach.Listener.Tests.Mounting;

public class FuseImageMounterTests
{
    private static async Task<(FuseImageMounter Mounter, ImageReference Image)> PrepareAsync(MountedFolder folder)
    {
        Judge.Require(NtfsImage.Judges);
        var image = await NtfsImage.MakeAsync(folder.Path, "app", ("apps/one/a.txt", "content"));
        return (new FuseImageMounter(folder.PathOf("mounts")), image);
    }

    private static string Read(IMountedImage mounted)
    {
        using var reader = new StreamReader(mounted.OpenFile("apps/one/a.txt")!);
        return reader.ReadToEnd();
    }

    [Fact]
    public async Task Mounted_IsReadOnlyAndReadable_AndStaysForTheNextListener()
    {
        await using var folder = new MountedFolder();
        var (mounter, image) = await PrepareAsync(folder);
        var mounted = await mounter.MountAsync(image, CancellationToken.None);
        Assert.Equal("content", Read(mounted));
        Assert.Null(mounted.OpenFile("apps/one/b.txt"));
        Assert.Null(mounted.OpenFile("../image.json"));
        Assert.ThrowsAny<IOException>(() => File.WriteAllText(Path.Combine(mounted.MountPoint!, "new.txt"), "new"));

        var points = MountTable.ListBelow(folder.Path);
        var next = new FuseImageMounter(folder.PathOf("mounts"));
        Assert.Equal(image, Assert.Single(await next.ListAsync(CancellationToken.None)).Image);
        await next.MountAsync(image, CancellationToken.None);
        Assert.Equal(points, MountTable.ListBelow(folder.Path));
        await next.UnmountAsync(image.Digest, CancellationToken.None);
        Assert.Empty(MountTable.ListBelow(folder.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.PathOf("mounts")));
        Assert.DoesNotContain(folder.Path, await Judge.PassAsync("losetup", "--list"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vhdx", "subformat=dynamic")]
    [InlineData("vhdx", "subformat=fixed")]
    [InlineData("vpc", "subformat=dynamic,force_size=on")]
    [InlineData("vpc", "subformat=fixed,force_size=on")]
    public async Task EveryFormat_IsMounted(string format, string options)
    {
        await using var folder = new MountedFolder();
        Judge.Require(NtfsImage.Judges);
        var image = await NtfsImage.MakeAsync(folder.Path, "app", format, options, ("apps/one/a.txt", "content"));
        var mounter = new FuseImageMounter(folder.PathOf("mounts"));
        Assert.Equal("content", Read(await mounter.MountAsync(image, CancellationToken.None)));
        await mounter.UnmountAsync(image.Digest, CancellationToken.None);
        Assert.Empty(MountTable.ListBelow(folder.Path));
    }

    [Theory]
    [InlineData("ntfs-3g")]
    [InlineData("vhdimount")]
    public async Task ProgramKilled_IsNotListed_AndIsMountedAgain(string program)
    {
        await using var folder = new MountedFolder();
        var (mounter, image) = await PrepareAsync(folder);
        await mounter.MountAsync(image, CancellationToken.None);
        foreach (var process in Process.GetProcessesByName(program).Where(process => CommandLine(process).Contains(folder.Path, StringComparison.Ordinal)))
        {
            process.Kill();
            await WaitUntilGoneAsync(process.Id);
        }

        if (program == "ntfs-3g")
        {
            Assert.Empty(await mounter.ListAsync(CancellationToken.None));
        }

        await mounter.UnmountAsync(image.Digest, CancellationToken.None);
        Assert.Equal("content", Read(await mounter.MountAsync(image, CancellationToken.None)));
        await mounter.UnmountAsync(image.Digest, CancellationToken.None);
        Assert.Empty(MountTable.ListBelow(folder.Path));
    }

    [Fact]
    public async Task BusyMount_LeavesTheTreeNow()
    {
        await using var folder = new MountedFolder();
        var (mounter, image) = await PrepareAsync(folder);
        var mounted = await mounter.MountAsync(image, CancellationToken.None);
        using (var busy = mounted.OpenFile("apps/one/a.txt"))
        {
            await mounter.UnmountAsync(image.Digest, CancellationToken.None);
            Assert.Empty(MountTable.ListBelow(folder.Path));
            Assert.Equal('c', busy!.ReadByte());
        }
    }

    [Fact]
    public async Task FileThatIsNoImage_FailsAndLeavesNothing()
    {
        Judge.Require(NtfsImage.Judges);
        await using var folder = new MountedFolder();
        var path = folder.PathOf("bad.vhdx");
        await File.WriteAllTextAsync(path, "not an image");
        var mounter = new FuseImageMounter(folder.PathOf("mounts"));
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => mounter.MountAsync(TestPackage.Reference(path), CancellationToken.None));
        Assert.Equal(ErrorCodes.MountFailed, failure.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.PathOf("mounts")));
    }

    [Fact]
    public async Task TwelveImages_AreMountedAtOnce_ThoughContainersHaveEightLoopDevices()
    {
        await using var folder = new MountedFolder();
        Judge.Require(NtfsImage.Judges);
        var mounter = new FuseImageMounter(folder.PathOf("mounts"));
        var image = await NtfsImage.MakeAsync(folder.Path, "app", ("apps/one/a.txt", "content"));
        for (var i = 0; i < 12; i++)
        {
            // The same file under another digest: the mounter has been told that it was proven.
            await mounter.MountAsync(image with { Digest = i.ToString("x").PadLeft(64, (char)48) }, CancellationToken.None);
        }

        var mounted = await mounter.ListAsync(CancellationToken.None);
        Assert.Equal(12, mounted.Count);
        Assert.All(mounted, one => Assert.Equal("content", Read(one)));
        foreach (var one in mounted)
        {
            await mounter.UnmountAsync(one.Image.Digest, CancellationToken.None);
        }

        Assert.Empty(MountTable.ListBelow(folder.Path));
    }

    private static string CommandLine(Process process) => File.ReadAllText($"/proc/{process.Id}/cmdline");

    // A killed process is not our child: the kernel's table says when it is gone or only waits for its parent.
    private static async Task WaitUntilGoneAsync(int id)
    {
        while (File.Exists($"/proc/{id}/stat") && !(await File.ReadAllTextAsync($"/proc/{id}/stat")).Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Yield();
        }
    }
}
