using AppAttach.Embedded.Tests.EndToEnd;

namespace AppAttach.Embedded.Tests.Commands;

[Collection(ProcessCollection.Name)]
public sealed class CompletionCommandTests
{
    /// <summary>Calls the function that the command wrote as bash would after Tab at the end of the line, and writes its answers.</summary>
    private const string Driver = """
        appattach() { "$EXECUTABLE" "$@"; }
        EXECUTABLE=$1
        eval "$(appattach completion bash)"
        COMP_LINE=$2
        COMP_POINT=${#COMP_LINE}
        IFS=' ' read -ra COMP_WORDS <<< "$COMP_LINE"
        [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _appattach
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    [Theory]
    [InlineData("appattach stat", "status")]
    [InlineData("appattach status --w", "--watch")]
    [InlineData("appattach completion z", "zsh")]
    [InlineData("appattach nothing-like-it", "")]
    public async Task TabInBash_CompletesTheWord(string line, string expected)
    {
        Judge.Require("bash");

        var (exitCode, output) = await Judge.RunAsync("bash", "-c", Driver, "bash", AppAttachProcess.Executable, line);

        Assert.Equal((0, expected), (exitCode, output.Trim()));
    }

    [Fact]
    public async Task UnknownShell_IsRefused()
    {
        var (exitCode, output, error) = await AppAttachProcess.RunAsync("completion", "tcsh");

        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("compdef", output, StringComparison.Ordinal);
        Assert.Contains("tcsh", error, StringComparison.Ordinal);
    }
}
