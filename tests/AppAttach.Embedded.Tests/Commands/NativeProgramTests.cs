using System.Runtime.InteropServices;
using AppAttach.Contracts;
using AppAttach.Embedded.Tests.EndToEnd;
using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.Commands;

/// <summary>The image commands compiled natively do and say what they do and say otherwise. Warnings of that compiler are errors, so it is asked too.</summary>
[Collection(CommandCollection.Name)]
public sealed class NativeProgramTests : IDisposable
{
    private static readonly string[] Packages =
    [
        "synthetic/valid-signed.msix", "synthetic/invalid-block-hash.msix", "msix-packaging/flat/language-en.appx", "msix-packaging/flat/FlatBundleWithAsset.appxbundle",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Native_SaysAndWritesTheSame_AndKnowsNoServer()
    {
        var native = await PublishAsync();
        foreach (var package in Packages.Select(name => PackageCorpus.PathOf(name)))
        {
            await RequireSameAsync(native, "inspect", package, "--full", "--signature", "ignore", "--json");
            await RequireSameAsync(native, "inspect", package, "--signature", "ignore");
            await RequireSameAsync(native, "plan", package, "--hosts", "500", "--json");
        }

        var valid = PackageCorpus.PathOf(Packages[0]);
        var (ours, theirs) = (_folder.PathOf("managed.vhdx"), _folder.PathOf("native.vhdx"));
        await AppAttachProcess.RunAsync("convert", valid, "--output", ours, "--trust", PackageCorpus.Certificate);
        await Judge.PassAsync(native, "convert", valid, "--output", theirs, "--trust", PackageCorpus.Certificate, "--json");
        Assert.Equal(await File.ReadAllBytesAsync(ours), await File.ReadAllBytesAsync(theirs));
        await ImageJudge.RequireHoldsAsync(theirs, valid);
        await RequireSameAsync(native, "list", theirs, "--json");
        await RequireSameAsync(native, "verify", theirs, "--package", valid, "--json");
        await Judge.PassAsync(native, "extract", theirs, "--output", _folder.PathOf("out"));
        await ImageJudge.CompareAsync(_folder.PathOf("out", "apps"), [valid]);

        var (exitCode, said) = await Judge.RunAsync(native, "demo");
        Assert.Equal((int)ExitCode.Usage, exitCode);
        Assert.Contains("demo", said, StringComparison.Ordinal);
    }

    private static async Task RequireSameAsync(string native, params string[] arguments)
    {
        var (expected, text, error) = await AppAttachProcess.RunAsync(arguments);
        var (exitCode, said) = await Judge.RunAsync(native, arguments);
        Assert.Equal((expected, text + error), (exitCode, said));
    }

    // With output folders of its own: what is built for the other tests stays as it is.
    private async Task<string> PublishAsync()
    {
        if (!OperatingSystem.IsWindows() && Judge.Find("clang") is null)
        {
            Judge.Require("gcc");
        }

        await Judge.PassAsync(
            "dotnet", "publish", Repository.PathOf("src", "AppAttach.Embedded"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishAot=true",
            "--artifacts-path", _folder.PathOf("artifacts"), "-o", _folder.PathOf("native"), "--nologo", "-v", "quiet");
        return _folder.PathOf("native", OperatingSystem.IsWindows() ? "appattach.exe" : "appattach");
    }
}
