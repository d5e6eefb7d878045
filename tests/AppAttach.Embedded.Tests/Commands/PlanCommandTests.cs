using System.Text.Json;
using AppAttach.Embedded.Tests.EndToEnd;
using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.Commands;

[Collection(CommandCollection.Name)]
public sealed class PlanCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Packages_AreGroupedWithTheArithmetic()
    {
        var packages = Enumerable.Range(0, 6).Select(index => Write($"Contoso.App{index}", 1000 * (index + 1))).ToArray();
        var (exitCode, text, error) = await AppAttachProcess.RunAsync(["plan", .. packages, "--hosts", "west=2000", "--hosts", "east=100", "--shares", "1"]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("6 packages in 4 images; 2 times two were made one", text, StringComparison.Ordinal);
        Assert.Contains("9999 handles on a share's root / 2000 hosts = 4 images a share", text, StringComparison.Ordinal);
        Assert.Contains("Region east: 100 hosts", text, StringComparison.Ordinal);

        var (_, jsonText, _) = await AppAttachProcess.RunAsync(["plan", .. packages, "--hosts", "400", "--json"]);
        using var json = JsonDocument.Parse(jsonText);
        Assert.Equal(6, json.RootElement.GetProperty("images").GetArrayLength());
        Assert.Equal(1, json.RootElement.GetProperty("regions")[0].GetProperty("sharesNeeded").GetInt32());
        Assert.Equal(2400, json.RootElement.GetProperty("regions")[0].GetProperty("rootHandles").GetInt32());
    }

    [Theory]
    [InlineData(1, "--hosts", "2001", "--shares", "1")]
    [InlineData(2, "--hosts", "0")]
    [InlineData(2, "--hosts", "many")]
    [InlineData(2, "--hosts", "10", "--shares", "0")]
    [InlineData(2)]
    public async Task WhatCannotBe_IsRefused(int expected, params string[] options)
    {
        var (exitCode, text, error) = await AppAttachProcess.RunAsync(["plan", Write("Contoso.App", 10), .. options]);
        Assert.Equal(expected, exitCode);
        Assert.NotEqual("", error);
        Assert.DoesNotContain("Image 1", text, StringComparison.Ordinal);
    }

    private string Write(string name, int size)
    {
        var path = _folder.PathOf(name + ".msix");
        File.WriteAllBytes(path, new PackageBuilder { Name = name }.With("app.exe", PackageBuilder.Content(size)).Build());
        return path;
    }
}
