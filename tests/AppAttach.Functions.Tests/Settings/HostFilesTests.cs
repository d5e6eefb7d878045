using System.Text.Json;
using AppAttach.Functions.Settings;
using AppAttach.Imaging.Signatures;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AppAttach.Functions.Tests.Settings;

public sealed class HostFilesTests
{
    [Fact]
    public void HostJson_ReachesTheOutput()
    {
        var output = Path.Combine(AppContext.BaseDirectory, "host.json");

        Assert.Equal(File.ReadAllText(Repository.PathOf("host.json")), File.ReadAllText(output));
    }

    [Fact]
    public void HostJson_BoundsHeavyWorkAndNamesItsStorage()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("host.json")));
        var durable = host.RootElement.GetProperty("extensions").GetProperty("durableTask");

        Assert.Equal("2.0", host.RootElement.GetProperty("version").GetString());
        Assert.InRange(durable.GetProperty("maxConcurrentActivityFunctions").GetInt32(), 1, 2);
        Assert.Equal("azureStorage", durable.GetProperty("storageProvider").GetProperty("type").GetString());
        Assert.False(host.RootElement.GetProperty("extensions").GetProperty("serviceBus").GetProperty("autoCompleteMessages").GetBoolean());
    }

    [Fact]
    public void SampleSettings_PutTheAppTogether()
    {
        // The worker's host is one of ASP.NET Core too.
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddConfiguration(Sample());
        builder.Services.AddAppAttach(builder.Configuration);
        builder.Host.UseDefaultServiceProvider(options => (options.ValidateOnBuild, options.ValidateScopes) = (true, true));

        using var host = (IDisposable)builder.Build();
        var provider = ((WebApplication)host).Services;

        Assert.Equal(["westeurope"], provider.GetRequiredService<Pipeline.Ports.IRegionalShares>().Regions);
        Assert.Equal("office", Assert.Single(provider.GetRequiredService<Pipeline.PipelineOptions>().Pools).Name);
        Assert.NotNull(provider.GetRequiredService<Pipeline.Intake.PackageDropHandler>());
    }

    [Fact]
    public void Policy_IsBoundFromSettings()
    {
        var values = Sample().AsEnumerable().ToDictionary(setting => setting.Key, setting => setting.Value);
        (values["AppAttach:Policy:Signature"], values["AppAttach:Policy:HostWindows"], values["AppAttach:Policy:MaximumFiles"]) = ("intact", "10.0.22621.0", "7");
        var policy = DeploymentSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).ToPipelineOptions().Policy;

        Assert.Equal((SignatureMode.Intact, new Version(10, 0, 22621, 0), 7), (policy.Signature, policy.HostWindows, policy.MaximumFiles));
        Assert.Equal(["x64"], policy.Architectures);
        Assert.True(policy.TrustsMicrosoft);
    }

    [Fact]
    public void SampleSettings_HoldNoSecret() =>
        Assert.DoesNotContain(
            Sample().AsEnumerable(),
            setting => setting.Value is { } value
                && (value.Contains("Key=", StringComparison.OrdinalIgnoreCase) || value.Contains("sig=", StringComparison.OrdinalIgnoreCase)));

    [Theory]
    [InlineData("AppAttach:Regions:0:Name", null, "0 regions are set")]
    [InlineData("AppAttach:Regions:0:Shares:0:Uri", "http://plain/share", "an https address was expected")]
    [InlineData("AppAttach:Policy:TrustedThumbprints:0", "12", "'12' is not a thumbprint")]
    [InlineData("AppAttach:Policy:Publishers:0", "Contoso", "'Contoso' is not a distinguished name")]
    [InlineData("AppAttach:Retention:KeepLast", "0", "must keep 1 or more")]
    [InlineData("AppAttach:LeastListenerVersion", "newest", "LeastListenerVersion")]
    [InlineData("AppAttach:Pools:0:Region", "mars", "Pool office is in region 'mars'")]
    public void WrongSetting_IsFoundAtTheStart(string key, string? value, string expected)
    {
        var values = Sample().AsEnumerable().ToDictionary(setting => setting.Key, setting => setting.Value);
        foreach (var removed in values.Keys.Where(name => value is null && name.StartsWith("AppAttach:Regions", StringComparison.Ordinal)).ToList())
        {
            values.Remove(removed);
        }

        if (value is not null)
        {
            values[key] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var e = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddAppAttach(configuration));
        Assert.Contains(expected, e.Message);
    }

    [Fact]
    public void SettingsOfTheApp_ReachThePipeline()
    {
        var values = Sample().AsEnumerable().ToDictionary(setting => setting.Key, setting => setting.Value);
        values["AppAttach:LeastListenerVersion"] = "1.2";
        values["AppAttach:Retention:IsOn"] = "true";
        values["AppAttach:Retention:KeepLast"] = "7";

        var options = DeploymentSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).ToPipelineOptions();

        Assert.Equal((new Version(1, 2), true, 7), (options.LeastListenerVersion, options.Retention.IsOn, options.Retention.KeepLast));
    }

    private static IConfiguration Sample()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("local.settings.sample.json")));
        var values = sample.RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(setting => setting.Name.Replace("__", ":", StringComparison.Ordinal), setting => setting.Value.GetString());
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }
}
