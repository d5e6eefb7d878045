using System.CommandLine;
using AppAttach.Contracts;

namespace AppAttach.Embedded.Commands;

/// <summary>
/// <c>appattach completion SHELL</c>: what a shell needs to complete commands and options with the Tab key; the words come from the command line's own
/// <c>[suggest]</c>. Options are offered to words that begin like one, so that everywhere else the shell completes the names of files.
/// </summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _appattach() {
            local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]} known
            known=$(appattach "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
            [[ $word == -* ]] && COMPREPLY=($(compgen -W "$known" -- "$word")) || COMPREPLY=($(compgen -X '[-/]*' -W "$known" -- "$word"))
        }
        complete -o default -F _appattach appattach
        """;

    private const string Zsh = """
        _appattach() {
            local line="${(j: :)words[1,CURRENT-1]} $PREFIX"
            local -a known
            known=("${(@f)$(appattach "[suggest:${#line}]" "$line" 2>/dev/null)}")
            [[ $PREFIX == -* ]] || known=(${known:#[-/]*})
            compadd -a known || _files
        }
        (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
        compdef _appattach appattach
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName appattach -ScriptBlock {
            param($word, $command, $position)
            $position -= $command.Extent.StartOffset
            appattach "[suggest:$position]" "$command" | Where-Object { $_.StartsWith($word) -and ($word.StartsWith('-') -or $_ -notmatch '^[-/]') } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or pwsh." }.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var command = new Command("completion", "Writes what a shell needs to complete this command line. bash, zsh: source <(appattach completion bash); pwsh: appattach completion pwsh | Out-String | Invoke-Expression.") { shell };
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
