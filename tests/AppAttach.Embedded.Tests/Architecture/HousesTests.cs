using System.Reflection;
using System.Xml.Linq;
using AppAttach.Api;
using AppAttach.Contracts;
using AppAttach.Imaging;
using AppAttach.Listener;
using AppAttach.Pipeline;

namespace AppAttach.Embedded.Tests.Architecture;

public sealed class HousesTests
{
    // What the compiler sees reaches further than what a project names: a house may use the words of a house behind its neighbour.
    private static readonly Dictionary<string, string[]> NamedInProjectFiles = new()
    {
        ["Contracts"] = [],
        ["Imaging"] = [],
        ["Pipeline"] = ["Contracts", "Imaging"],
        ["Api"] = ["Contracts", "Pipeline"],
        ["Azure"] = ["Pipeline"],
        ["Functions"] = ["Api", "Azure", "Pipeline"],
        ["Listener"] = ["Contracts"],
        ["Embedded"] = ["Api", "Imaging", "Listener", "Pipeline"],
    };

    public static TheoryData<Assembly> Built { get; } =
    [
        typeof(ErrorCodes).Assembly,
        typeof(InvalidInputException).Assembly,
        typeof(PipelineOptions).Assembly,
        typeof(FleetApi).Assembly,
        typeof(ListenerHost).Assembly,
        typeof(AppAttach.Embedded.Hosting.EmbeddedHost).Assembly,
    ];

    /// <summary>Commands that look at a fleet or act on it ask the API, as anybody else: none reaches into the host's folders, databases or ports.</summary>
    [Theory]
    [InlineData("StatusCommand")]
    [InlineData("FleetCommands")]
    [InlineData("RequestCommands")]
    [InlineData("AssignCommands")]
    [InlineData("ApiClient")]
    public void FleetCommand_WorksThroughTheApiOnly(string name)
    {
        var source = File.ReadAllText(Repository.PathOf("src", "AppAttach.Embedded", "Commands", name + ".cs"));

        Assert.Contains("ApiClient", source, StringComparison.Ordinal);
        Assert.All(["DataFolder", "EmbeddedServices", "Sqlite", "Embedded.Storage", "Embedded.Bus", "Embedded.Engine", "Pipeline.Ports", "ICatalog"], inner => Assert.DoesNotContain(inner, source, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Built))]
    public void Assembly_RefersToNoHouseBeyondItsArrows(Assembly assembly)
    {
        var house = Houses.Of(assembly.GetName().Name!)!;
        var seen = assembly.GetReferencedAssemblies().Select(reference => Houses.Of(reference.Name!)).OfType<string>();

        Assert.Empty(seen.Except(Houses.Arrows[house]));
    }

    [Fact]
    public void ProjectFiles_NameExactlyTheArrowsOfTheMap()
    {
        var projects = Directory.GetFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories);
        var named = projects.ToDictionary(
            project => Houses.Of(Path.GetFileNameWithoutExtension(project))!,
            project => XDocument.Load(project).Descendants("ProjectReference")
                .Select(reference => Houses.Of(Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))!)
                .Order(StringComparer.Ordinal)
                .ToArray());

        Assert.Equal(NamedInProjectFiles.OrderBy(pair => pair.Key, StringComparer.Ordinal), named.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Contracts")]
    [InlineData("Imaging")]
    public void InnerHouses_ReferToNoPackage(string house)
    {
        var project = XDocument.Load(Repository.PathOf("src", $"AppAttach.{house}", $"AppAttach.{house}.csproj"));

        Assert.Empty(project.Descendants("PackageReference"));
    }

    [Fact]
    public void Imaging_NeverNamesClockRandomSourceOrPaths()
    {
        var files = Directory.GetFiles(Repository.PathOf("src", "AppAttach.Imaging"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        string[] forbidden = ["DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Guid.NewGuid", "Random.", "RandomNumberGenerator", "File.Open", "FileStream("];

        Assert.All(files, path => Assert.All(forbidden, word => Assert.DoesNotContain(word, File.ReadAllText(path), StringComparison.Ordinal)));
    }
}
