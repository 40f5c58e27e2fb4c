using System.Text;
using Starling.Cli.Commands;
using Starling.Cli.Help;

namespace Starling.Cli.Completion;

/// <summary>The completion script for PowerShell.</summary>
internal static class PowerShellScript
{
    // A table of PowerShell does not tell -p from -P; a dictionary of .NET does.
    private const string Begin =
        """
        # Completion of starling for PowerShell, made by `starling completion pwsh`. In $PROFILE: starling completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName starling -ScriptBlock {
            param($current, $ast, $position)
            $words = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
            $place = if ($words.Count -gt 1) { $words[1] } else { '' }
            if (@(GROUPS) -ccontains $place -and $words.Count -gt 2) { $place = "$place $($words[2])" }
            $before = $words[-1]
            $commands = @(); $flags = @(); $values = [System.Collections.Generic.Dictionary[string, string]]::new(); $argument = $null
            switch -CaseSensitive ($place) {

        """;

    private const string End =
        """
            }
            $kind = if ($values.ContainsKey($before)) { $values[$before] } elseif ($current -like '-*') { $null } else { $argument }
            $found = switch ($kind) {
                'none' { return }
                { $_ -in 'file', 'folder' } { return }
                'context' { & $words[0] complete contexts 2> $null }
                { $_ } { $kind.Split('|') }
                default { if ($current -like '-*' -or $commands.Count -eq 0) { $flags } else { $commands } }
            }
            $found | Where-Object { $_ -clike "$current*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    public static string Create()
    {
        StringBuilder script = new(Begin.Replace("GROUPS", List(CompletionPlace.Groups), StringComparison.Ordinal));
        foreach (CompletionPlace place in CompletionPlace.All())
        {
            script.Append($"        '{place.Words}' {{\n");
            script.Append($"            $commands = @({List(place.Commands.Select(command => command.Name))})\n");
            script.Append($"            $flags = @({List(place.Flags.SelectMany(flag => flag.Names))})\n");
            if (place.Argument is HelpFlag argument)
            {
                script.Append($"            $argument = '{ValueKinds.ShellWord(argument)}'\n");
            }

            foreach (HelpFlag flag in place.Flags.Where(flag => ValueKinds.Of(flag) != ValueKind.Switch))
            {
                script.Append($"            {List(flag.Names)} | ForEach-Object {{ $values[$_] = '{ValueKinds.ShellWord(flag)}' }}\n");
            }

            script.Append("        }\n");
        }

        return script.Append(End.Replace("contexts", CompleteCommand.Contexts, StringComparison.Ordinal)).ToString();
    }

    private static string List(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));
}
