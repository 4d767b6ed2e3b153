import {lines, type Reader} from './shell.js';

/*
 * PowerShell inserts candidates as they are. Each line has the text to insert, the text to list and the tooltip, separated by
 * tabs. The words come in the environment, one per line, the last one up to the cursor: old versions of PowerShell drop empty
 * arguments and change quotes in others.
 */
export const powershellScript = `# Completion of poe for PowerShell, printed by: poe completion powershell
Register-ArgumentCompleter -Native -CommandName 'poe', 'poe-cli' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @(
        $commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
            ForEach-Object {
                if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
            }
    )
    $env:POE_COMPLETE_WORDS = ($before + "$wordToComplete") -join [char]10
    try { $kind, $replies = & poe completion --complete powershell 2>$null } catch { } finally { $env:POE_COMPLETE_WORDS = $null }
    # PowerShell completes files if there is no result.
    if ($kind -eq 'files') { return }
    if (-not $replies) { return '' }
    $type = if ($kind -eq 'options') { 'ParameterName' } else { 'ParameterValue' }
    foreach ($reply in $replies) {
        $text, $listed, $tooltip = $reply -split [char]9
        [System.Management.Automation.CompletionResult]::new($text, $listed, $type, $tooltip)
    }
}
`;

export const powershellReader: Reader = (_args, env) => {
  const words = (env.POE_COMPLETE_WORDS ?? '').split('\n');
  const current = (words.pop() ?? '').replace(/^["']/, '');
  return {
    before: words,
    current,
    print({kind, prefix, candidates}) {
      // PowerShell itself ignores case.
      const typed = current.slice(prefix.length).toLowerCase();
      const matching = candidates.filter(({word}) => word.toLowerCase().startsWith(typed));
      return lines([
        kind,
        ...matching.map(({word, description}) => {
          const isListed = description !== '' && kind === 'words';
          return [prefix + quoted(word), isListed ? `${word}  (${description})` : word, description || word].join('\t');
        }),
      ]);
    },
  };
};

/** PowerShell accepts curly quotes as quotes. */
const quoted = (word: string): string => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll(/['‘’‚‛]/g, '$&$&')}'`);
