using System.Globalization;
using System.Text;
using AppAttach.Imaging.Packages;
using AppAttach.TestKit.Packages;
using Azure.Storage.Blobs.Specialized;

namespace AppAttach.Azure.Tests.Blobs;

/// <summary>A conversion from blob to blob in a process of its own: how much memory it takes.</summary>
public sealed class ConversionMemoryTests(AzuriteFixture azurite)
{
    private const int FileCount = 16;
    private const int FileBytes = 64 << 20;

    /// <summary>The smallest Flex Consumption instance has 2,048 MB and converts several packages at once.</summary>
    private const long MostBytes = 256_000_000;

    private const int LimitMilliseconds = 10 * 60 * 1000;

    [Fact(Timeout = LimitMilliseconds)]
    public async Task PackageOf1GiB_IsConvertedIn256MB()
    {
        var container = await azurite.CreateContainerAsync();
        await using (var blob = await container.GetBlockBlobClient("Contoso.msix").OpenWriteAsync(overwrite: true, cancellationToken: TestContext.Current.CancellationToken))
        {
            WritePackage(blob);
        }

        var peak = await Judge.PassAsync(
            "dotnet", Path.Combine(AppContext.BaseDirectory, "AppAttach.BlobConversion.dll"), azurite.RequireConnection(), container.Name, "Contoso.msix");

        Assert.InRange(long.Parse(peak, CultureInfo.InvariantCulture), 20_000_000, MostBytes);
        Assert.True((await container.GetBlobClient("Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2.vhdx").GetPropertiesAsync()).Value.ContentLength > (long)FileCount * FileBytes);
        await container.DeleteAsync();
    }

    // Half of it is stored, as files are that are compressed already, and half deflated to little.
    private static void WritePackage(Stream blob)
    {
        var stored = Bytes.Make(FileBytes);
        var deflated = new byte[FileBytes];
        for (var position = 0; position < FileBytes; position += 1 << 10)
        {
            stored.AsSpan(0, 1 << 10).CopyTo(deflated.AsSpan(position));
        }

        using var package = new PackageWriter(blob);
        for (var index = 0; index < FileCount; index += 2)
        {
            package.AddFile($"Assets/{index}.png", stored);
            package.AddFile($"Assets/{index}.txt", deflated);
        }

        package.Finish(Encoding.UTF8.GetBytes(new PackageBuilder().MakeManifest()));
    }
}
