using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Embedded.Tests.EndToEnd;
using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.Commands;

[Collection(CommandCollection.Name)]
public sealed class ConvertCommandTests : IDisposable
{
    private static readonly string Valid = PackageCorpus.PathOf("synthetic/valid-signed.msix");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Json_SaysWhatTheFileIs()
    {
        var output = _folder.PathOf("image.vhdx");
        var (exitCode, text, error) = await AppAttachProcess.RunAsync("convert", Valid, "--output", output, "--trust", PackageCorpus.Certificate, "--json");
        Assert.Equal((0, ""), (exitCode, error));
        using var json = JsonDocument.Parse(text);
        Assert.Equal(new FileInfo(output).Length, json.RootElement.GetProperty("fileLengthBytes").GetInt64());
        Assert.Equal(await ImageJudge.DigestAsync(output), json.RootElement.GetProperty("digest").GetString(), ignoreCase: true);
        Assert.Equal(9, json.RootElement.GetProperty("fileCount").GetInt32());

        var (_, plain, _) = await AppAttachProcess.RunAsync("convert", Valid, "--output", output, "--signature", "intact");
        Assert.Contains(json.RootElement.GetProperty("digest").GetString()!, plain, StringComparison.Ordinal);
        Assert.Contains("Warning: ", plain, StringComparison.Ordinal);
        Assert.Contains("trusted", plain, StringComparison.Ordinal);
    }

    /// <summary>Each format is written as asked for, and <c>verify</c>, <c>list</c> and <c>extract</c> take it.</summary>
    [Theory]
    [InlineData("vhdx-dynamic", "image.vhdx")]
    [InlineData("vhdx-dynamic", "image.vhdx", "--format", "vhdx")]
    [InlineData("vhdx-fixed", "image.vhdx", "--fixed")]
    [InlineData("vhd-dynamic", "image.vhd", "--format", "vhd")]
    [InlineData("vhd-fixed", "image.vhd", "--format", "vhd", "--fixed")]
    public async Task Format_IsTheOneAskedFor_AndEveryCommandTakesIt(string format, string name, params string[] options)
    {
        var output = _folder.PathOf(name);
        var (exitCode, text, error) = await AppAttachProcess.RunAsync(["convert", Valid, "--output", output, "--signature", "intact", "--json", .. options]);
        Assert.Equal((0, ""), (exitCode, error));
        using var json = JsonDocument.Parse(text);
        Assert.Equal(format, json.RootElement.GetProperty("format").GetString());
        await ImageJudge.RequireHoldsAsync(output, Valid);

        var (verified, report, _) = await AppAttachProcess.RunAsync("verify", output, "--package", Valid);
        Assert.True(verified == 0, report);
        var (listed, entries, _) = await AppAttachProcess.RunAsync("list", output);
        Assert.Equal(0, listed);
        Assert.Contains("AppxManifest.xml", entries, StringComparison.Ordinal);
        var (extracted, said, _) = await AppAttachProcess.RunAsync("extract", output, "--output", _folder.PathOf("out"));
        Assert.True(extracted == 0, said);
        await ImageJudge.CompareAsync(_folder.PathOf("out", "apps"), [Valid]);
    }

    [Fact]
    public async Task ImageThere_IsReplacedByAWholeOne_AndKeptWhenThePackageIsBad()
    {
        var output = _folder.PathOf("image.vhdx");
        await File.WriteAllTextAsync(output, "the one before");
        using var reader = new StreamReader(new FileStream(output, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        Assert.StartsWith(
            ErrorCodes.BlockmapMismatch,
            await Refusal.OfAsync(ExitCode.Rejected, "convert", PackageCorpus.PathOf("synthetic/invalid-block-hash.msix"), "--output", output, "--signature", "ignore"),
            StringComparison.Ordinal);
        Assert.Equal("the one before", await File.ReadAllTextAsync(output));
        var (exitCode, _, error) = await AppAttachProcess.RunAsync("convert", Valid, "--output", output, "--signature", "intact");
        Assert.Equal((0, ""), (exitCode, error));

        // Who had the one before open still has it: the name changed hands in one step.
        Assert.Equal("the one before", await reader.ReadToEndAsync());
        Assert.Equal([output, output + ".manifest.json"], Directory.EnumerateFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
        await ImageJudge.RequireHoldsAsync(output, Valid);
    }

    [Fact]
    public async Task Base_IsComparedWith_AndOneWithoutItsManifestOrWithAnothersIsRefused()
    {
        var (first, second) = (_folder.PathOf("first.vhdx"), _folder.PathOf("second.vhdx"));
        Assert.Equal(0, (await AppAttachProcess.RunAsync("convert", Valid, "--output", first, "--signature", "intact")).ExitCode);
        string[] convert = ["convert", Valid, "--output", second, "--signature", "intact", "--json", "--base"];
        var (exitCode, text, error) = await AppAttachProcess.RunAsync([.. convert, first]);
        Assert.Equal((0, ""), (exitCode, error));
        using (var json = JsonDocument.Parse(text))
        {
            var delta = json.RootElement.GetProperty("delta");
            Assert.Equal(await ImageJudge.DigestAsync(first), delta.GetProperty("baseDigest").GetString(), ignoreCase: true);
            Assert.InRange(delta.GetProperty("travelBytes").GetInt64(), 0, 100_000);
        }

        await ImageJudge.RequireHoldsAsync(second, Valid);
        Assert.Equal(0, (await AppAttachProcess.RunAsync("verify", second, "--package", Valid)).ExitCode);

        await File.AppendAllTextAsync(first, "longer");
        Assert.StartsWith(ErrorCodes.ImageMismatch, await Refusal.OfAsync(ExitCode.Rejected, [.. convert, first]), StringComparison.Ordinal);
        await File.WriteAllTextAsync(first + ".manifest.json", "{}");
        Assert.StartsWith(ErrorCodes.ImageManifestInvalid, await Refusal.OfAsync(ExitCode.Rejected, [.. convert, first]), StringComparison.Ordinal);
        File.Delete(first + ".manifest.json");
        Assert.Contains("has no manifest beside it", await Refusal.OfAsync(ExitCode.Failed, [.. convert, first]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImageOfAnotherPackage_IsNotWhatTheManifestSays()
    {
        var output = _folder.PathOf("image.vhdx");
        Assert.Equal(0, (await AppAttachProcess.RunAsync("convert", Valid, "--output", output, "--signature", "intact")).ExitCode);
        var (verified, text, _) = await AppAttachProcess.RunAsync("verify", output);
        Assert.Equal(0, verified);
        Assert.Contains("compared with image.vhdx.manifest.json", text, StringComparison.Ordinal);

        var manifest = await File.ReadAllTextAsync(output + ".manifest.json");
        await File.WriteAllTextAsync(_folder.PathOf("other.json"), manifest.Replace("/app.txt", "/gone.txt", StringComparison.Ordinal).Replace("\"app.txt", "\"gone.txt", StringComparison.Ordinal));
        (verified, text, _) = await AppAttachProcess.RunAsync("verify", output, "--manifest", _folder.PathOf("other.json"));
        Assert.Equal(1, verified);
        Assert.Contains("manifest-missing", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("synthetic/invalid-deflate-corrupt.msix", ErrorCodes.BlockmapMismatch)]
    [InlineData("synthetic/invalid-zip-duplicate.msix", ErrorCodes.ZipCorrupt)]
    [InlineData("synthetic/invalid-traversal-dotdot.msix", ErrorCodes.UnsafeName)]
    [InlineData("msix-packaging/Empty.appx", ErrorCodes.NotAPackage)]
    public async Task BrokenPackage_IsRejectedWithItsCode_AndNothingIsLeft(string package, string code)
    {
        var line = await Refusal.OfAsync(ExitCode.Rejected, "convert", PackageCorpus.PathOf("msix-packaging/CentennialCoffee.appx"), PackageCorpus.PathOf(package), "--output", _folder.PathOf("image.vhdx"), "--signature", "ignore");
        Assert.StartsWith(code + ": ", line, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("synthetic/valid-signed-bundle.msixbundle", "x64")]
    [InlineData("synthetic/valid-bundle-3arch-lang-scale.msixbundle", "arm64")]
    [InlineData("synthetic/valid-bundle-3arch-lang-scale.msixbundle", "x86")]
    public async Task Bundle_GivesAnImageOfThePackagesForTheHosts(string path, string architecture)
    {
        var (bundle, output) = (PackageCorpus.PathOf(path), _folder.PathOf("image.vhdx"));
        var mode = path.Contains("signed", StringComparison.Ordinal) ? "intact" : "ignore";
        var (exitCode, text, error) = await AppAttachProcess.RunAsync("convert", bundle, "--output", output, "--signature", mode, "--architecture", architecture);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains($"Contoso.Bundle_1.2.3.4_{architecture}__j8tmt7aeqvrx2", text, StringComparison.Ordinal);

        var packages = Directory.CreateDirectory(_folder.PathOf("packages")).FullName;
        await System.IO.Compression.ZipFile.ExtractToDirectoryAsync(bundle, packages, TestContext.Current.CancellationToken);
        string[] names = [$"b_{architecture}.msix", "b_language-de.msix", "b_scale-200.msix"];
        await ImageJudge.RequireHoldsAsync(output, [.. names.Select(name => Path.Combine(packages, name))]);
    }

    [Theory]
    [InlineData("synthetic/valid-signed.msix", "trusted", ErrorCodes.PublisherUntrusted)]
    [InlineData("synthetic/valid-zip64-dd.msix", "intact", ErrorCodes.SignatureMissing)]
    [InlineData("synthetic/invalid-signed-publisher-mismatch.msix", "intact", ErrorCodes.PublisherMismatch)]
    [InlineData("synthetic/invalid-signed-tampered-central-directory.msix", "intact", ErrorCodes.SignatureInvalid)]
    public async Task SignatureThatDoesNotHold_IsRejectedWithItsCode_AndNothingIsLeft(string package, string mode, string code)
    {
        var line = await Refusal.OfAsync(
            ExitCode.Rejected, "convert", PackageCorpus.PathOf(package), "--output", _folder.PathOf("image.vhdx"), "--signature", mode);
        Assert.StartsWith(code + ": ", line, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task OutputThatCannotBe_FailsAndLeavesWhatWasThere()
    {
        var package = _folder.PathOf("package.msix");
        File.Copy(Valid, package);
        await Refusal.OfAsync(ExitCode.Failed, "convert", package, "--output", package);
        await Refusal.OfAsync(ExitCode.Failed, "convert", package, "--output", _folder.Path);
        await Refusal.OfAsync(ExitCode.Failed, "convert", package, "--output", _folder.PathOf("nowhere", "image.vhdx"), "--signature", "ignore");
        await Refusal.OfAsync(ExitCode.Failed, "convert", _folder.Path + "/../" + Path.GetFileName(_folder.Path) + "/package.msix", "--output", package);
        await Refusal.OfAsync(ExitCode.Usage, "convert", package);
        await Refusal.OfAsync(ExitCode.Usage, "convert", package, "--output", _folder.PathOf("image.vhd"), "--format", "raw");
        await Refusal.OfAsync(ExitCode.Usage, "convert", _folder.PathOf("nothing.msix"), "--output", _folder.PathOf("image.vhdx"));
        Assert.Equal([package], Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.Equal(await ImageJudge.DigestAsync(Valid), await ImageJudge.DigestAsync(package));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    public async Task RootThatIsNoFolderName_IsRefused(string root)
    {
        Assert.StartsWith(
            ErrorCodes.UnsafeName,
            await Refusal.OfAsync(ExitCode.Rejected, "convert", Valid, "--output", _folder.PathOf("image.vhdx"), "--root", root, "--signature", "ignore"),
            StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
