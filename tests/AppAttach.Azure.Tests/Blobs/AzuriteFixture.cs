using System.Diagnostics;
using System.Text;
using Azure.Storage.Blobs;

[assembly: AssemblyFixture(typeof(AppAttach.Azure.Tests.Blobs.AzuriteFixture))]

namespace AppAttach.Azure.Tests.Blobs;

/// <summary>
/// Azurite, Microsoft's storage emulator, on a free loopback port, in memory. It is looked for in the environment variable
/// <c>AZURITE</c> (path of <c>azurite-blob</c>), in <c>tests/node_modules</c> (<c>npm install --prefix tests --no-package-lock</c>) and in the path.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    /// <summary>The emulator's well-known account; it guards nothing.</summary>
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string Listening = "successfully listens on ";

    private Process? _process;
    private string? _address;
    private string _missing = "Azurite is not installed: npm install --prefix tests --no-package-lock.";

    /// <summary>How another process gets to the emulator; without it the test is skipped, or fails in CI.</summary>
    public string RequireConnection()
    {
        if (_address is null)
        {
            Judge.Missing(_missing);
        }

        return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};BlobEndpoint={_address}/{Account};";
    }

    /// <summary>A client of the emulator; without it the test is skipped, or fails in CI.</summary>
    public BlobServiceClient Require() => new(RequireConnection());

    /// <summary>A container of the test's own.</summary>
    public async Task<BlobContainerClient> CreateContainerAsync() =>
        await Require().CreateBlobContainerAsync($"test-{Guid.NewGuid():N}");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } program)
        {
            return;
        }

        // Port 0: the system gives a free one, and Azurite prints which.
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--loose", "--disableTelemetry"])
        {
            start.ArgumentList.Add(argument);
        }

        // Both pipes are read to their end: a full one would stop the emulator.
        var said = new StringBuilder();
        var started = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => started.TrySetResult(null);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _address = await started.Task;
        _missing = $"Azurite ({program}) ended before it listened: {said}";

        void Note(string? line)
        {
            lock (said)
            {
                said.AppendLine(line);
            }

            if (line?.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                started.TrySetResult(line[(at + Listening.Length)..].Trim());
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }

    private static string? Find()
    {
        var name = OperatingSystem.IsWindows() ? "azurite-blob.cmd" : "azurite-blob";
        string?[] places =
        [
            Environment.GetEnvironmentVariable("AZURITE"), Repository.PathOf("tests", "node_modules", ".bin", name), Judge.Find(name),
        ];
        return places.FirstOrDefault(File.Exists);
    }
}
