using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.EndToEnd;

/// <summary>A package that keeps the host busy for a while, and what becomes of it when nobody is killed.</summary>
public sealed class UndisturbedRun : IAsyncLifetime
{
    private const int FileCount = 3;
    private const int FileBytes = 12 << 20;

    /// <summary>The package's full name.</summary>
    public const string FullName = "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2";

    /// <summary>The package.</summary>
    public byte[] Package { get; } = Build();

    /// <summary>Everything that the run left.</summary>
    public string End { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await using var fleet = new TestFleet();
        await fleet.StartAsync();
        await fleet.DropAsync(Package);
        End = await fleet.EndAsync(Eventually.DefaultLimit);
        Assert.Contains($"host-north: alice has {FullName}", End, StringComparison.Ordinal);
        Assert.Contains($"DATA/shares/south/{FullName}.vhdx", End, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static byte[] Build()
    {
        var builder = new PackageBuilder();
        for (var number = 0; number < FileCount; number++)
        {
            // Stored, as its extension says, and nothing could pack it.
            var content = new byte[FileBytes];
            new Random(number).NextBytes(content);
            builder.With($"Data/{number}.zip", content);
        }

        return builder.Build();
    }
}
