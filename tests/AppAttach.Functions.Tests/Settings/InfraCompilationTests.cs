using System.Reflection;
using System.Text.Json;

namespace AppAttach.Functions.Tests.Settings;

/// <summary>The Bicep compiler and its linter read what is deployed: names, types, required properties, what is not used.</summary>
public sealed class InfraCompilationTests
{
    [Theory]
    [InlineData("main.bicep")]
    [InlineData("listener/host.bicep")]
    public async Task Templates_CompileWithoutAWarning(string file)
    {
        using var folder = new TemporaryFolder();
        var template = folder.PathOf("template.json");

        Assert.Equal("", await Judge.PassAsync(Compiler(), "build", Repository.PathOf("infra", file), "--outfile", template));

        using var compiled = JsonDocument.Parse(await File.ReadAllTextAsync(template));
        Assert.True(compiled.RootElement.TryGetProperty("resources", out _), "The template has no resources.");
    }

    [Fact]
    public async Task CompilerThatFindsSomething_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var file = folder.PathOf("wrong.bicep");
        await File.WriteAllTextAsync(
            file, "param unused string\nresource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {\n  name: 'account'\n}\n");

        var (_, output) = await Judge.RunAsync(Compiler(), "build", file, "--outfile", folder.PathOf("template.json"));

        Assert.Contains("no-unused-params", output);
        Assert.Contains("BCP035", output);
    }

    /// <summary>It comes as a package for Linux on x64, with the project; elsewhere it is one of the skipped judges.</summary>
    private static string Compiler()
    {
        var path = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "BicepPath")?.Value;
        if (!File.Exists(path))
        {
            Judge.Missing("The Bicep compiler comes with the project on Linux (x64) only; elsewhere: az bicep build --file infra/main.bicep.");
        }

        return path!;
    }
}
