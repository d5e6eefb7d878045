using AppAttach.Embedded.Hosting;
using AppAttach.Imaging.Signatures;

namespace AppAttach.Embedded.Tests.Hosting;

public sealed class EmbeddedSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FolderWithoutSettings_GetsTheDefaultOnesInAFile()
    {
        var settings = EmbeddedSettings.Load(_folder.Path);
        Assert.Equal(["local"], settings.Regions);
        Assert.True(File.Exists(_folder.PathOf("appattach.json")));
        Assert.Equal(settings.Pools, EmbeddedSettings.Load(_folder.Path).Pools);
        Assert.Equal(["appattach.json"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void SettingsWithManyMistakes_AllAreNamed()
    {
        var message = Refuse("""
            {
              // A comment is no mistake, nor is a comma too many.
              "regions": ["north", "North", "so/uth", ".hidden"],
              "pools": [{ "name": "p", "region": "west" }, { "name": "P", "region": "north" }],
              "hosts": [{ "name": "h 1", "pool": "p" }, { "name": "h2", "pool": "q" }],
              "systems": ["help desk"],
              "assignments": [{ "family": "*", "pool": "r", "users": [] }],
              "commandDeadline": "00:00:00",
              "retention": { "keepLast": 0 },
            }
            """);
        string[] named = ["region north", "'so/uth'", "'.hidden'", "region west", "pool p", "'h 1'", "'help desk'", "pool q", "pool r", "deadline", "keeps the last 0"];
        Assert.All(named, part => Assert.Contains(part, message, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(Environment.NewLine, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{ "regions": ["a"] }""")]
    [InlineData("""{ "regions": null, "pools": [], "assignments": [] }""")]
    [InlineData("""{ "regions": [null], "pools": [], "assignments": [] }""")]
    [InlineData("""{ "regions": ["a"], "pools": [null], "assignments": [] }""")]
    [InlineData("""{ "regions": ["a"], "pools": [], "assignments": [null] }""")]
    [InlineData("""{ "regions": ["a"], "pools": [], "assignments": [], "hosts": [null] }""")]
    [InlineData("""{ "regions": ["a"], "pools": [], "assignments": [], "systems": [null] }""")]
    [InlineData("""{ "regions": ["a"], "pools": [{ "name": null, "region": "a" }], "assignments": [] }""")]
    [InlineData("""{ "regions": ["a"], "pools": [{ "name": "p" }], "assignments": [] }""")]
    [InlineData("""{ "regions": ["a"], "pools": [{ "name": "p", "region": "a" }], "assignments": [{ "family": "*", "pool": "p" }] }""")]
    [InlineData("""{ "regions": ["a"], "pools": [{ "name": "p", "region": "a" }], "assignments": [{ "family": "*", "pool": "p", "users": [null] }] }""")]
    [InlineData("""{ "regions": ["a"], "pools": [], "assignments": [], "regoins": [] }""")]
    [InlineData("""{ "regions": [], "pools": [], "assignments": [] }""")]
    [InlineData("""{ "regions": ["a"], "pools": [], "assignments": [], "policy": { "signature": "perhaps" } }""")]
    [InlineData("""{ "regions": ["a"], "pools": [], "assignments": [], "policy": { "signature": 2 } }""")]
    [InlineData("""{ "regions": ["a"], "pools": [], "assignments": [], "policy": { "publishers": [null] } }""")]
    [InlineData("""{ "regions": ["a"], "pools": [], "assignments": [], "policy": { "allows": "all" } }""")]
    [InlineData("""{ "regions": ["a"], "pools": [], "assignments": [], "leastListenerVersion": "newest" }""")]
    public void FileThatIsNotAsItShouldBe_IsRefusedWithItsPath(string content) =>
        Assert.Contains(_folder.PathOf("appattach.json"), Refuse(content), StringComparison.Ordinal);

    [Fact]
    public void Policy_IsReadAsWritten_AndStrictByDefault()
    {
        File.WriteAllText(_folder.PathOf("appattach.json"), """
            {
              "regions": ["a"], "pools": [], "assignments": [],
              "policy": { "signature": "intact", "architectures": ["x64"], "hostWindows": "10.0.22621.0", "publishers": ["CN=Contoso"] }
            }
            """);
        var policy = EmbeddedSettings.Load(_folder.Path).Policy;
        Assert.Equal((SignatureMode.Intact, new Version(10, 0, 22621, 0)), (policy.Signature, policy.HostWindows));
        Assert.Equal(["x64", "CN=Contoso"], policy.Architectures.Concat(policy.Publishers));
        Assert.Equal((SignatureMode.Trusted, true, false), (EmbeddedSettings.Default.Policy.Signature, EmbeddedSettings.Default.Policy.TrustsMicrosoft, EmbeddedSettings.Default.Policy.TrustsMachineRoots));
    }

    private string Refuse(string content)
    {
        File.WriteAllText(_folder.PathOf("appattach.json"), content);
        return Assert.Throws<SettingsException>(() => EmbeddedSettings.Load(_folder.Path)).Message;
    }
}
