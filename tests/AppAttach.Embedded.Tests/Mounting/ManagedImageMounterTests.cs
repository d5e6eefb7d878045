using AppAttach.Contracts;
using AppAttach.Embedded.Mounting;
using AppAttach.Embedded.Tests.EndToEnd;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Listener;
using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.Mounting;

public sealed class ManagedImageMounterTests : IDisposable
{
    private const string Digest = "00";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ImageFormat.VhdxDynamic)]
    [InlineData(ImageFormat.VhdxFixed)]
    [InlineData(ImageFormat.VhdDynamic)]
    [InlineData(ImageFormat.VhdFixed)]
    public async Task ImageMounted_GivesItsFilesUntilItIsUnmounted(ImageFormat format)
    {
        var path = _folder.PathOf("image.vhdx");
        await using (var file = File.Create(path))
        {
            var package = new PackageBuilder().With("docs/app.txt", "content").Build();
            await ImageWriter.WriteAsync([Package.Open(new MemoryStream(package))], new ImageOptions { Format = format }, file);
        }

        var mounter = new ManagedImageMounter();
        var mounted = await mounter.MountAsync(ReferenceTo(path), CancellationToken.None);
        Assert.Same(mounted, await mounter.MountAsync(ReferenceTo(path), CancellationToken.None));
        Assert.Same(mounted, Assert.Single(await mounter.ListAsync(CancellationToken.None)));
        Assert.Null(mounted.MountPoint);
        using (var reader = new StreamReader(mounted.OpenFile($"apps/{UndisturbedRun.FullName}/docs/app.txt")!))
        {
            Assert.Equal("content", await reader.ReadToEndAsync());
        }

        Assert.Null(mounted.OpenFile("apps/nothing"));
        Assert.Null(mounted.OpenFile("apps"));
        await mounter.UnmountAsync(Digest, CancellationToken.None);
        await mounter.UnmountAsync(Digest, CancellationToken.None);
        Assert.Empty(await mounter.ListAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no image at all")]
    public async Task WhatIsNoImage_FailsWithItsCode(string? content)
    {
        var path = _folder.PathOf("image.vhdx");
        if (content is not null)
        {
            await File.WriteAllTextAsync(path, content);
        }

        var mounter = new ManagedImageMounter();
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => mounter.MountAsync(ReferenceTo(path), CancellationToken.None));
        Assert.Equal(ErrorCodes.MountFailed, failure.Code);
        Assert.Empty(await mounter.ListAsync(CancellationToken.None));
    }

    private static ImageReference ReferenceTo(string path) => new(path, Digest, 1, "vhdx", "apps");
}
