using AppAttach.Contracts;
using AppAttach.Listener.Registration;

namespace AppAttach.Listener.Tests.Registration;

public sealed class FileRegistrarTests : IDisposable
{
    private const int Count = 60;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ListenerAndUserAtTheSameTime_LoseNoRegistration()
    {
        // As `get` and the listener are: each with a registrar of its own.
        await Task.WhenAll(new[] { "One", "Two" }.Select(writer => Task.Run(() =>
        {
            var registrar = new FileRegistrar(_folder.Path, TimeProvider.System);
            for (var i = 0; i < Count; i++)
            {
                registrar.Register(Package($"{writer}{i}"), "ann");
                registrar.Deregister(Package($"{writer}{i - 1}").Package.FullName, "ann");
                registrar.Register(Package($"{writer}Kept{i}"), "ann");
            }
        })));

        var registered = new FileRegistrar(_folder.Path, TimeProvider.System).ListRegistrations().Select(entry => entry.PackageFullName);
        string[] names = [.. Enumerable.Range(0, Count).SelectMany(i => new[] { $"OneKept{i}", $"TwoKept{i}" }), $"One{Count - 1}", $"Two{Count - 1}"];
        Assert.Equal(names.Select(name => Package(name).Package.FullName).Order(StringComparer.Ordinal), registered);
    }

    private static StagedPackage Package(string name) => new(
        new PackageReference($"Contoso.{name}_1.0.0.0_x64__8wekyb3d8bbwe", $"Contoso.{name}_8wekyb3d8bbwe", "1.0.0.0", "x64"),
        new ImageReference("/share/image.vhdx", new string('0', 64), 1, "vhdx", "apps"),
        Folder: null,
        Resources: []);
}
