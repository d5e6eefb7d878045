using System.Globalization;
using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Embedded.Tests.EndToEnd;

namespace AppAttach.Embedded.Tests.Commands;

/// <summary><c>verify</c>, <c>list</c> and <c>extract</c> on one image of two packages.</summary>
[Collection(CommandCollection.Name)]
public sealed class ImageCommandTests(ConvertedImage image) : IClassFixture<ConvertedImage>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ConvertedImage_IsTakenByJudges() => await ImageJudge.RequireHoldsAsync(image.Path, [.. image.Packages]);

    [Fact]
    public async Task Verify_FindsTheImageSoundAgainstItsPackages()
    {
        var (exitCode, output, error) = await AppAttachProcess.RunAsync(
            "verify", image.Path, "--package", image.Packages[0], "--package", image.Packages[1]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("Sound: ", output, StringComparison.Ordinal);
        using var report = await JsonAsync(0, "verify", image.Path, "--package", image.Packages[0], "--package", image.Packages[1]);
        Assert.True(report.RootElement.GetProperty("isSound").GetBoolean());
        Assert.Equal(0, report.RootElement.GetProperty("findings").GetArrayLength());
        Assert.Contains($"{report.RootElement.GetProperty("files").GetInt64()} files", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FindsOneFlippedByteOfContent()
    {
        var damaged = _folder.PathOf("damaged.vhdx");
        var content = await File.ReadAllBytesAsync(image.Path);
        var first = Directory.CreateDirectory(_folder.PathOf("first")).FullName;
        await ExtractAsync(first);
        var file = Directory.EnumerateFiles(first, "*", SearchOption.AllDirectories).Single(path => path.EndsWith("data.bin", StringComparison.Ordinal));
        var piece = await File.ReadAllBytesAsync(file);
        var place = content.AsSpan().IndexOf(piece.AsSpan(4096, 64));
        Assert.True(place > 0, "The content lies in the image as it is.");
        content[place + 7] ^= 0x10;
        await File.WriteAllBytesAsync(damaged, content);

        var (exitCode, output, _) = await AppAttachProcess.RunAsync("verify", damaged, "--package", image.Packages[0], "--package", image.Packages[1]);
        Assert.Equal((int)ExitCode.Failed, exitCode);
        Assert.Contains(Path.GetFileName(file), output, StringComparison.Ordinal);
        Assert.Contains("Not sound", output, StringComparison.Ordinal);
        using var report = await JsonAsync((int)ExitCode.Failed, "verify", damaged, "--package", image.Packages[0], "--package", image.Packages[1]);
        Assert.NotEqual(0, report.RootElement.GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task Verify_FindsAPackageThatIsNotThere()
    {
        var other = TestKit.Packages.PackageCorpus.PathOf("msix-packaging/IntlPackage.appx");
        var (exitCode, output, _) = await AppAttachProcess.RunAsync("verify", image.Path, "--package", other);
        Assert.Equal((int)ExitCode.Failed, exitCode);
        Assert.Contains("Not sound", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NamesWhatThePackagesHold()
    {
        var (exitCode, output, error) = await AppAttachProcess.RunAsync("list", image.Path);
        Assert.Equal((0, ""), (exitCode, error));
        using var json = await JsonAsync(0, "list", image.Path);
        var entries = json.RootElement.EnumerateArray().Select(entry => (
            Path: entry.GetProperty("path").GetString()!,
            IsFolder: entry.GetProperty("isFolder").GetBoolean(),
            Size: entry.GetProperty("sizeBytes").GetInt64())).ToList();
        var lines = output.TrimEnd().Split(Environment.NewLine);
        Assert.Equal(entries.Count, lines.Length);
        Assert.All(entries.Zip(lines), pair => Assert.EndsWith(
            pair.First.IsFolder ? $" {pair.First.Path}/" : string.Create(CultureInfo.InvariantCulture, $" {pair.First.Size} {pair.First.Path}"), pair.Second, StringComparison.Ordinal));

        var folder = _folder.PathOf("out");
        await ExtractAsync(folder);
        var extracted = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Path.GetRelativePath(folder, path), false, new FileInfo(path).Length));
        Assert.Equal(extracted.Order(), entries.Where(entry => !entry.IsFolder).Order());
    }

    [Fact]
    public async Task Extract_WritesEveryFileAsTheArchiveHasIt()
    {
        var folder = Directory.CreateDirectory(_folder.PathOf("out")).FullName;
        await ExtractAsync(folder);
        await ImageJudge.CompareAsync(Path.Combine(folder, "apps"), [.. image.Packages]);
        Assert.Equal([folder], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Extract_IntoAFolderThatIsNotEmpty_ChangesNothing()
    {
        await File.WriteAllTextAsync(_folder.PathOf("mine.txt"), "mine");
        await Refusal.OfAsync(ExitCode.Failed, "extract", image.Path, "--output", _folder.Path);
        await Refusal.OfAsync(ExitCode.Failed, "extract", image.Path, "--output", _folder.PathOf("mine.txt"));
        Assert.Equal([_folder.PathOf("mine.txt")], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task TruncatedImage_IsRefusedByEveryCommand_AndNothingIsLeft(int length)
    {
        var cut = _folder.PathOf("cut.vhdx");
        await File.WriteAllBytesAsync(cut, (await File.ReadAllBytesAsync(image.Path))[..length]);
        Assert.StartsWith("image-", await Refusal.OfAsync(ExitCode.Rejected, "extract", cut, "--output", _folder.PathOf("out", "deeper")), StringComparison.Ordinal);
        Assert.StartsWith("image-", await Refusal.OfAsync(ExitCode.Rejected, "list", cut), StringComparison.Ordinal);
        Assert.Equal([cut], Directory.EnumerateFileSystemEntries(_folder.Path));
        var (exitCode, output, error) = await AppAttachProcess.RunAsync("verify", cut);
        Assert.Equal(((int)ExitCode.Failed, ""), (exitCode, error));
        Assert.Contains("Not sound", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("list")]
    [InlineData("extract", "--output", "never")]
    public async Task WhatIsNoFile_IsAWrongCommandLineOrAFailure(string command, params string[] more)
    {
        Assert.Contains("nothing.vhdx", await Refusal.OfAsync(ExitCode.Usage, [command, _folder.PathOf("nothing.vhdx"), .. more]), StringComparison.Ordinal);
        Assert.Contains(_folder.Path, await Refusal.OfAsync(ExitCode.Failed, [command, _folder.Path, .. more]), StringComparison.Ordinal);
        await Refusal.OfAsync(ExitCode.Usage, [command, .. more]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private static async Task<JsonDocument> JsonAsync(int expected, params string[] arguments)
    {
        var (exitCode, output, error) = await AppAttachProcess.RunAsync([.. arguments, "--json"]);
        Assert.True(expected == exitCode, output + error);
        return JsonDocument.Parse(output);
    }

    private async Task ExtractAsync(string folder)
    {
        var (exitCode, output, error) = await AppAttachProcess.RunAsync("extract", image.Path, "--output", folder);
        Assert.True(exitCode == 0, error);
        Assert.Empty(output + error);
    }
}
