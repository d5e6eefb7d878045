using AppAttach.Embedded.Tests.EndToEnd;
using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.Commands;

/// <summary>One image that the command line made of two packages, for the tests that only look at it.</summary>
public sealed class ConvertedImage : IAsyncLifetime
{
    public const string FirstName = "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2";
    public const string SecondName = "CentennialCoffee_1.1.0.0_neutral__8wekyb3d8bbwe";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Path of the image.</summary>
    public string Path => _folder.PathOf("image.vhdx");

    /// <summary>The packages in it.</summary>
    public IReadOnlyList<string> Packages { get; } =
        [PackageCorpus.PathOf("synthetic/valid-zip64-dd.msix"), PackageCorpus.PathOf("msix-packaging/CentennialCoffee.appx")];

    public async ValueTask InitializeAsync()
    {
        var (exitCode, output, error) = await AppAttachProcess.RunAsync(["convert", .. Packages, "--output", Path, "--signature", "ignore"]);
        Assert.True(exitCode == 0, output + error);
        Assert.Empty(error);
        Assert.Contains(FirstName, output, StringComparison.Ordinal);
        Assert.Contains(SecondName, output, StringComparison.Ordinal);
        Assert.Equal([Path, Path + ".manifest.json"], Directory.EnumerateFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
