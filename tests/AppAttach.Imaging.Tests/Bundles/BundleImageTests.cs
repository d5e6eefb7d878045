using AppAttach.Imaging.Bundles;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Tests.Images;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Bundles;

/// <summary>Images of the packages in a bundle, read from where they lie.</summary>
public sealed class BundleImageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ImageOfAWholeBundle_IsTakenByJudges_AndIsThatOfItsPackagesAlone()
    {
        var bytes = BundleSample.Of(BundleSample.Members);
        var (image, bundleFile) = (folder.PathOf("image.vhdx"), folder.PathOf("b.msixbundle"));
        await File.WriteAllBytesAsync(bundleFile, bytes);
        await using (var stream = new FileStream(bundleFile, FileMode.Open, FileAccess.Read))
        {
            using var bundle = Bundle.Open(stream);
            await WriteAsync(image, [.. BundleSelection.Choose(bundle, BundleTarget.All).Packages.Select(package => package.Open())]);
        }

        await ImageFile.RequireSoundDiskAsync(image);
        await ImageFile.VerifyAsync(image, bundleFile);
        var alone = folder.PathOf("alone.vhdx");
        await ImageFile.WriteAsync(alone, new ImageOptions(), [.. BundleSample.Members.Select(member => member.Content)]);
        Assert.Equal(await File.ReadAllBytesAsync(alone), await File.ReadAllBytesAsync(image));
    }

    [Fact]
    public async Task ImageOfChosenPackages_HoldsNoOthers()
    {
        using var bundle = BundleContent.Open(BundleSample.Of(BundleSample.Members));
        var selection = BundleSelection.Choose(bundle, new() { Architectures = ["x64"], Languages = ["de"], Scales = [] });
        var image = folder.PathOf("image.vhdx");
        var record = await WriteAsync(image, [.. selection.Packages.Select(package => package.Open())]);

        Assert.Equal(
            ["Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2", "Contoso.Sample_1.2.3.4_neutral_split.language-de_j8tmt7aeqvrx2"],
            record.Packages.Select(package => package.FullName));
        var files = new List<string>();
        foreach (var member in new[] { BundleSample.X64, BundleSample.German })
        {
            files.Add(folder.PathOf(member.FileName));
            await File.WriteAllBytesAsync(files[^1], member.Content);
        }

        await ImageFile.VerifyAsync(image, [.. files]);
    }

    [Fact]
    public async Task Passes_GoThroughThePackagesFrontToBack()
    {
        using var stream = new HostileStream(BundleSample.Of(BundleSample.Members));
        using var bundle = Bundle.Open(stream);
        Package[] packages = [.. bundle.Packages.Select(package => package.Open())];
        stream.ResetCounts();
        foreach (var package in packages)
        {
            await Task.Run(() => BundleContent.Drain(package));
        }

        // One jump to each package, and every byte of each once.
        Assert.Equal(packages.Length, stream.Jumps);
        Assert.Equal(packages.Sum(package => package.PackedSizeBytes), stream.BytesRead);
    }

    private static async Task<ImageRecord> WriteAsync(string path, Package[] packages)
    {
        await using var file = File.Create(path);
        return await ImageWriter.WriteAsync(packages, new ImageOptions(), file);
    }
}
