using System.Text.Json;
using System.Text.RegularExpressions;
using AppAttach.Contracts;
using AppAttach.Functions.Settings;

namespace AppAttach.Functions.Tests.Settings;

/// <summary>What their compiler does not say about the Bicep files; that itself is asked in <see cref="InfraCompilationTests"/>.</summary>
public sealed partial class InfraTests
{
    /// <summary>Built-in roles (learn.microsoft.com/azure/role-based-access-control/built-in-roles), by the names used here.</summary>
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["blobDataOwner"] = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        ["blobDataContributor"] = "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        ["blobDelegator"] = "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
        ["queueDataContributor"] = "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        ["tableDataContributor"] = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        ["dataSender"] = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
        ["dataReceiver"] = "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
        ["dataOwner"] = "090c5cfd-751d-490a-894a-3ce6f1109419",
        ["monitoringMetricsPublisher"] = "3913510d-42f4-4e42-8a64-420c390055eb",
        ["fileDataPrivilegedContributor"] = "69566ab7-960f-475b-8e7c-b3118f30c6bd",
        ["fileDataSmbShareReader"] = "aba4ae5f-2193-4029-9191-0cb91df5e314",
        ["durableTaskDataContributor"] = "0ad04412-c4d5-4796-b79c-f76d14c8d402",
    };

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Repository.PathOf("infra"), "*.bicep", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.PathOf("infra"), file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void ApiVersions_AreDatedAndRolesAreKnown(string file)
    {
        var text = Read(file);
        Assert.All(Resources().Matches(text), match => Assert.Matches(@"^\d{4}-\d{2}-\d{2}(-preview)?$", match.Groups["version"].Value));
        Assert.Equal(Guids().Count(text), RoleVariables().Count(text));
        Assert.All(RoleVariables().Matches(text), match => Assert.Equal(Roles[match.Groups["name"].Value], match.Groups["id"].Value));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Keys_AreNeitherReadNorAllowed(string file)
    {
        var text = Read(file);
        Assert.DoesNotContain("listKeys", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("AccountKey", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("allowSharedKeyAccess: true", text);
        Assert.Equal(text.Contains("'Microsoft.Storage/storageAccounts@2025-01-01' = {", StringComparison.Ordinal), text.Contains("allowSharedKeyAccess: false", StringComparison.Ordinal));
    }

    [Fact]
    public void Modules_AreAllWiredWithExactlyTheirParameters()
    {
        var main = Read("main.bicep");
        var uses = Modules().Matches(main);

        Assert.Equal(
            Directory.EnumerateFiles(Repository.PathOf("infra", "modules")).Select(file => "modules/" + Path.GetFileName(file)).Order(StringComparer.Ordinal),
            uses.Select(use => use.Groups["file"].Value).Distinct().Order(StringComparer.Ordinal));
        foreach (Match use in uses)
        {
            var declared = Parameters().Matches(Read(use.Groups["file"].Value)).Select(match => match.Groups["name"].Value);
            var given = Assignments().Matches(use.Groups["params"].Value).Select(match => match.Groups["name"].Value);
            Assert.Equal(declared.Order(StringComparer.Ordinal), given.Order(StringComparer.Ordinal));
        }

        foreach (Match output in OutputUses().Matches(main))
        {
            var file = uses.First(use => use.Groups["name"].Value == output.Groups["module"].Value).Groups["file"].Value;
            Assert.Matches($@"(?m)^output {output.Groups["output"].Value} ", Read(file));
        }
    }

    [Fact]
    public void AlertRules_AskForMetricsThatThereAre()
    {
        var metrics = MetricNames().Matches(Read("modules/alerts.bicep")).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);
        var documented = MetricNames().Matches(File.ReadAllText(Repository.PathOf("src", "AppAttach.Functions", "Observability.md"))).Select(match => match.Value).Distinct();
        var measured = Directory.EnumerateFiles(Repository.PathOf("src", "AppAttach.Pipeline", "Telemetry"), "*.cs").SelectMany(file => MetricNames().Matches(File.ReadAllText(file)).Select(match => match.Value));

        Assert.Equal(["appattach.activity.duration", "appattach.commands", "appattach.events", "appattach.messages", "appattach.outcomes"], metrics);
        Assert.Empty(metrics.Except(documented));
        Assert.Empty(metrics.Except(measured));
    }

    [Fact]
    public void ParameterFile_GivesWhatMainAsksFor()
    {
        var required = Parameters().Matches(Read("main.bicep")).Where(match => !match.Value.Contains('=', StringComparison.Ordinal)).Select(match => match.Groups["name"].Value);
        var all = Parameters().Matches(Read("main.bicep")).Select(match => match.Groups["name"].Value).ToList();
        using var file = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("infra", "main.parameters.json")));
        var given = file.RootElement.GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name).ToList();

        Assert.Empty(required.Except(given));
        Assert.Empty(given.Except(all));
    }

    [Fact]
    public void QueuesTopicsAndContainers_AreThoseOfTheCode()
    {
        var bus = Read("modules/bus.bicep");
        Assert.All(
            [$"'{BusEntities.Drops}'", $"'{BusEntities.Requests}'", $"'{BusEntities.HostOutcomes}'", $"'{BusEntities.Events}'", $"'{BusEntities.HostCommandsPrefix}${{i}}'"],
            name => Assert.Contains(name, bus));
        var main = Read("main.bicep");
        Assert.Contains($"containers: ['{Containers.Packages}']", main);
        Assert.Contains($"containers: ['{Containers.Images}', '{Containers.Catalog}']", main);
        Assert.Contains($"container: '{Containers.Packages}'", main);
    }

    [Fact]
    public void Pages_MaySendBlobsToPackagesOnly_AndFromTheAppOnly()
    {
        var main = Read("main.bicep");
        var given = main.Split('\n').Where(line => line.TrimStart().StartsWith("pageOrigins: ", StringComparison.Ordinal)).Select(line => line.Trim()).ToList();

        Assert.Equal(["pageOrigins: []", "pageOrigins: empty(authClientId) ? [] : ['https://${appName}.azurewebsites.net']", "pageOrigins: []"], given);
        Assert.Contains("allowedMethods: ['PUT']", Read("modules/storage.bicep"));
    }

    [Fact]
    public void SettingsOfTheApp_AreThoseOfTheSample()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("local.settings.sample.json")));
        var app = Read("modules/app.bicep").Replace("${i}", "0", StringComparison.Ordinal)
            .Replace("${i / length(shareNames)}", "0", StringComparison.Ordinal)
            .Replace("${i % length(shareNames)}", "0", StringComparison.Ordinal);
        app = app.Replace("${address.setting}", Quoted().Match(app[app.IndexOf("setting: ", StringComparison.Ordinal)..]).Groups["text"].Value, StringComparison.Ordinal);

        var names = sample.RootElement.GetProperty("Values").EnumerateObject().Select(setting => setting.Name)
            .Except(["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"]);
        Assert.All(names, name => Assert.Contains($"'{name}'", app));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Rights_AreGivenToIdentitiesOnSingleResources(string file)
    {
        // Without a scope an assignment holds for the whole resource group.
        foreach (Match assignment in RoleAssignments().Matches(Read(file)))
        {
            Assert.Matches(@"(?m)^  scope: (?!resourceGroup|subscription|tenant)\w", assignment.Value);
            Assert.Matches(@"(?m)^    principalType: '(ServicePrincipal|Group)'$", assignment.Value);
            Assert.Matches(@"(?m)^  name: guid\(", assignment.Value);
        }
    }

    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts@2025-01-01", "minimumTlsVersion: 'TLS1_2'", "allowBlobPublicAccess: false", "supportsHttpsTrafficOnly: true")]
    [InlineData("Microsoft.ServiceBus/namespaces@2022-10-01-preview", "minimumTlsVersion: '1.2'", "disableLocalAuth: true", "publicNetworkAccess: publicNetworkAccess")]
    [InlineData("Microsoft.Web/sites@2024-04-01", "minTlsVersion: '1.2'", "httpsOnly: true", "ftpsState: 'Disabled'")]
    [InlineData("Microsoft.Web/sites/config@2024-04-01", "requireAuthentication: true", "platform: { enabled: true }", "requireHttps: true", "clientId: authClientId")]
    [InlineData("Microsoft.Insights/components@2020-02-02", "DisableLocalAuth: true")]
    public void WhatCanBeReachedFromOutside_IsClosedAsFarAsItGoes(string type, params string[] properties)
    {
        var definitions = Files.Select(row => ResourceBodies().Matches(Read(row.Data)))
            .SelectMany(matches => matches).Where(match => match.Groups["type"].Value == type && !match.Value.Contains(" existing = ", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(definitions);
        Assert.All(definitions, definition => Assert.All(properties, property => Assert.Contains(property, definition.Value)));
    }

    [Theory]
    [InlineData("modules/app.bicep")]
    [InlineData("modules/bus.bicep")]
    [InlineData("modules/share.bicep")]
    [InlineData("modules/storage.bicep")]
    public void WhatCanFail_SaysSoToTheWorkspace(string file) => Assert.Contains("Microsoft.Insights/diagnosticSettings@", Read(file));

    [Fact]
    public void CommandTopics_DropNoRepetition() =>
        Assert.Contains("requiresDuplicateDetection: false", ResourceBodies().Matches(Read("modules/bus.bicep")).Single(match => match.Value.StartsWith("resource commandTopics ", StringComparison.Ordinal)).Value);

    private static string Read(string file) => File.ReadAllText(Repository.PathOf("infra", file));

    [GeneratedRegex(@"appattach\.[a-z]+(\.[a-z]+)?\b")]
    private static partial Regex MetricNames();

    [GeneratedRegex(@"(?m)^param (?<name>\w+) .*$")]
    private static partial Regex Parameters();

    [GeneratedRegex(@"'Microsoft\.[\w./]+@(?<version>[^']+)'")]
    private static partial Regex Resources();

    [GeneratedRegex(@"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Guids();

    [GeneratedRegex(@"(?m)^var (?<name>\w+) = '(?<id>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})'$")]
    private static partial Regex RoleVariables();

    [GeneratedRegex(@"(?ms)^module (?<name>\w+) '(?<file>[^']+)' = .*?^  params: \{\n(?<params>.*?)^  \}")]
    private static partial Regex Modules();

    [GeneratedRegex(@"(?m)^    (?<name>\w+): ")]
    private static partial Regex Assignments();

    [GeneratedRegex(@"(?ms)^resource \w+ 'Microsoft\.Authorization/roleAssignments@.*?^\}")]
    private static partial Regex RoleAssignments();

    [GeneratedRegex(@"(?ms)^resource \w+ '(?<type>[^']+)'.*?^\}")]
    private static partial Regex ResourceBodies();

    [GeneratedRegex(@"'(?<text>[^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<module>\w+)(\[\w+\])?!?\.outputs\.(?<output>\w+)")]
    private static partial Regex OutputUses();
}
