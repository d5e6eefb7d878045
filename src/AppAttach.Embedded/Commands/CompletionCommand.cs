using System.CommandLine;
using AppAttach.Contracts;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach completion SHELL</c>: what a shell needs to complete commands and options with the Tab key; the words come from the command line's own <c>[suggest]</c>.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _appattach() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(appattach "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _appattach appattach
        """;

    private const string Zsh = """
        _appattach() {
            local -a words_known
            words_known=("${(@f)$(appattach "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a words_known
            _files
        }
        compdef _appattach appattach
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName appattach -ScriptBlock {
            param($word, $command, $position)
            appattach "[suggest:$position]" "$command" | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or pwsh." }.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var command = new Command("completion", "Writes what a shell needs to complete this command line; for bash: source <(appattach completion bash).") { shell };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => PowerShell,
            });
            return (int)ExitCode.Done;
        });
        return command;
    }
}
