using AppAttach.Embedded.Tests.EndToEnd;

namespace AppAttach.Embedded.Tests.Commands;

/// <summary>Tab in real shells, with what the command writes for each.</summary>
[Collection(CommandCollection.Name)]
public sealed class CompletionCommandTests : IDisposable
{
    /// <summary>Starts a shell on a terminal, writes a line and Tab and Enter as a hand does, and says what the shell then ran. zsh has the terminal.</summary>
    private const string Driver = """
        zmodload zsh/zpty
        zpty shell "$1"
        zpty -r -m shell part '*READY> *' || exit 3
        zpty -w -n shell "$2"$'\t\n'
        zpty -r -m shell part '*RAN\(*\)*' || exit 4
        part=${part##*RAN\(}
        print -r -- "${part%%\)*}"
        """;

    /// <summary>Asks PowerShell as its line editor does at Tab.</summary>
    private const string PowerShellDriver = """
        param($line)
        appattach completion pwsh | Out-String | Invoke-Expression
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches | ForEach-Object CompletionText
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("appattach stat", "status")]
    [InlineData("appattach status --w", "status --watch")]
    [InlineData("appattach completion z", "completion zsh")]
    [InlineData("appattach inspect --signature tr", "inspect --signature trusted")]
    [InlineData("appattach inspect Contoso", "inspect Contoso App.msix")]
    [InlineData("cd .; appattach rollb", "rollback")]
    [InlineData("appattach nothing-like-it", "nothing-like-it")]
    public async Task TabInATerminal_CompletesTheWord(string line, string expected)
    {
        Judge.Require("bash", "zsh");
        await WriteProgramAsync();
        foreach (var (shell, start) in ((string, string)[])[("bash", "bash --noprofile --rcfile .zshrc -i"), ("zsh", "ZDOTDIR=. zsh -i")])
        {
            await File.WriteAllTextAsync(_folder.PathOf(".zshrc"), $"PS1='READY> '\nsource <(appattach completion {shell})\n");

            Assert.Equal((shell, expected), (shell, await RunAsync("zsh", "-f", "-c", Driver, "zsh", start, line)));
        }
    }

    [Theory]
    [InlineData("appattach stat", "status")]
    [InlineData("appattach status --w", "--watch")]
    [InlineData("appattach completion ", "bash pwsh zsh")]
    [InlineData("appattach completion z", "zsh")]
    [InlineData("appattach inspect --signature tr", "trusted")]
    [InlineData("appattach inspect Contoso", "'./Contoso App.msix'")]
    [InlineData("cd .; appattach completion z", "zsh")]
    [InlineData("appattach nothing-like-it", "")]
    public async Task TabInPowerShell_CompletesTheWord(string line, string expected)
    {
        Judge.Require("pwsh");
        await WriteProgramAsync();
        await File.WriteAllTextAsync(_folder.PathOf("driver.ps1"), PowerShellDriver);

        Assert.Equal(expected, (await RunAsync("pwsh", "-NoProfile", "-File", "driver.ps1", line)).ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task UnknownShell_IsRefused()
    {
        var (exitCode, output, error) = await AppAttachProcess.RunAsync("completion", "tcsh");

        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("compdef", output, StringComparison.Ordinal);
        Assert.Contains("tcsh", error, StringComparison.Ordinal);
    }

    /// <summary>A program of the name that shells complete: it answers them, and of everything else it says only what was asked.</summary>
    private async Task WriteProgramAsync()
    {
        Directory.CreateDirectory(_folder.PathOf("bin"));
        await File.WriteAllTextAsync(_folder.PathOf("Contoso App.msix"), "");
        var program = _folder.PathOf("bin", "appattach");
        await File.WriteAllTextAsync(program, $$"""
            #!/bin/sh
            case $1 in
                '['*) exec '{{AppAttachProcess.Executable}}' "$@" ;;
                completion) [ -t 1 ] || exec '{{AppAttachProcess.Executable}}' "$@" ;;
            esac
            printf 'RAN(%s)\n' "$*"
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Runs a program in the folder, with the shells' own program before all others.</summary>
    private async Task<string> RunAsync(string program, params string[] arguments) => (await Judge.PassAsync(
        "env", ["-C", _folder.Path, $"PATH={_folder.PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}", program, .. arguments])).TrimEnd();
}
