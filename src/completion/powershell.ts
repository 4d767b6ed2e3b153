import {verbatim} from './text.js';
import {type Flag, type Place, type Slot, withoutCommon} from './tree.js';

/** The script that has PowerShell complete a program: the tree as a table, and how it is walked. */
export function powershellScript(root: Place): string {
  const {common, places} = withoutCommon(root);
  return `# Completion of poe for PowerShell, as "poe completion powershell" prints it.
Register-ArgumentCompleter -Native -CommandName 'poe', 'poe-cli' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # What can be typed at each place. The options of $common can be typed at all of them.
    $common = ${list(common.map(option), 4)}
    $places = @{
${places.map(placeEntry).join('')}    }

${walk}}
`;
}

function placeEntry({path, options, arguments: slots, subcommands}: Place): string {
  const names = subcommands.flatMap(({name, aliases, description}) =>
    [name, ...aliases].map((each) => `${quoted(each)} = ${quoted(description)}`),
  );
  return `        ${quoted(path)} = @{
            Subcommands = [ordered]${names.length > 0 ? table(names, 12) : '@{}'}
            Options = ${list(options.map(option), 12)}
            Arguments = ${list(slots.map(slot), 12)}
        }
`;
}

const list = (items: string[], indent: number) => (items.length > 0 ? block('@(', items, ')', indent) : '@()');
const table = (items: string[], indent: number) => block('@{', items, '}', indent);

function block(open: string, items: string[], close: string, indent: number): string {
  const outer = ' '.repeat(indent);
  return `${open}\n${items.map((item) => `${outer}    ${item}\n`).join('')}${outer}${close}`;
}

function option({names, description, value}: Flag): string {
  const takes = value ? `; Value = ${slot(value)}` : '';
  return `@{ Names = @(${names.map(quoted).join(', ')}); About = ${quoted(description)}${takes} }`;
}

function slot({words, isVariadic}: Slot): string {
  const kind = words.kind === 'live' ? words.live : words.kind;
  const choices = words.kind === 'choices' ? `; Choices = @(${words.choices.map(quoted).join(', ')})` : '';
  return `@{ Kind = ${quoted(kind)}; IsVariadic = ${isVariadic ? '$true' : '$false'}${choices} }`;
}

/** PowerShell takes curly quotes for quotes too. */
const quoted = (text: string): string => `'${text.replaceAll(/['‘’‚‛]/g, '$&$&')}'`;

const walk = verbatim`    function Find-Option($place, $name) {
        foreach ($option in $places[$place].Options + $common) {
            if ($option.Names -ccontains $name) { return $option }
        }
    }

    function ConvertTo-Word($text) {
        if ($text -match '^[\w./-]+$') { return $text }
        "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($text) + "'"
    }

    function New-Result($word, $about, $type, $head = '') {
        $tip = if ($about) { $about } else { $word }
        $listed = if ($about -and $type -eq 'ParameterValue') { "$word  ($about)" } else { $word }
        [System.Management.Automation.CompletionResult]::new($head + (ConvertTo-Word $word), $listed, $type, $tip)
    }

    # Where the words before the cursor lead, which option waits for its value, and how many arguments there are.
    $place = ''
    $waiting = $null
    $count = 0
    $isOver = $false
    $profileName = ''
    $before = $commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition }
    foreach ($element in $before) {
        $isConstant = $element -is [System.Management.Automation.Language.StringConstantExpressionAst]
        $word = if ($isConstant) { $element.Value } else { $element.Extent.Text }
        if ($waiting) {
            if ($waiting.Value.Kind -eq 'profiles') { $profileName = $word }
            $waiting = $null
        } elseif (-not $isOver -and $word -eq '--') {
            $isOver = $true
        } elseif (-not $isOver -and $word -match '^(--[^=]+)=(.*)$') {
            $name, $value = $Matches[1], $Matches[2]
            if ((Find-Option $place $name).Value.Kind -eq 'profiles') { $profileName = $value }
        } elseif (-not $isOver -and $word -match '^-.') {
            $option = Find-Option $place $word
            if ($option.Value) { $waiting = $option }
        } elseif (-not $isOver -and $count -eq 0 -and $places[$place].Subcommands.Contains($word)) {
            $place = "$place $word".Trim()
        } else {
            $count += 1
        }
    }

    # What the word at the cursor can be.
    $typed = "$wordToComplete"
    $head = ''
    $slot = $null
    if ($waiting) {
        $slot = $waiting.Value
    } elseif (-not $isOver -and $typed -match '^(--[^=]+=)(.*)$') {
        $head, $typed = $Matches[1], $Matches[2]
        $slot = (Find-Option $place $head.TrimEnd('=')).Value
    } elseif (-not $isOver -and $typed.StartsWith('-')) {
        $found = foreach ($option in $places[$place].Options + $common) {
            foreach ($name in $option.Names) {
                if ($name.StartsWith($typed)) { New-Result $name $option.About 'ParameterName' }
            }
        }
    } elseif (-not $isOver -and $count -eq 0 -and $places[$place].Subcommands.Count -gt 0) {
        $found = foreach ($entry in $places[$place].Subcommands.GetEnumerator()) {
            if ($entry.Key.StartsWith($typed)) { New-Result $entry.Key $entry.Value 'Command' }
        }
    } else {
        $slots = @($places[$place].Arguments)
        if ($count -lt $slots.Count) { $slot = $slots[$count] }
        elseif ($slots.Count -gt 0 -and $slots[-1].IsVariadic) { $slot = $slots[-1] }
    }

    # Without a result of ours, PowerShell completes files.
    if ($slot.Kind -eq 'files') { return }
    if ($slot) {
        $typed = $typed -replace '^["'']', ''
        $program = if ($commandAst.GetCommandName() -match 'poe-cli') { 'poe-cli' } else { 'poe' }
        $lines = switch ($slot.Kind) {
            'free' { }
            'choices' { $slot.Choices }
            default {
                $more = if ($profileName) { @('--profile', $profileName) } else { @() }
                try { & $program completion --values $slot.Kind @more 2>$null } catch { }
            }
        }
        $found = foreach ($line in $lines) {
            $word, $about = $line -split [char]9, 2
            if ($word.StartsWith($typed, [System.StringComparison]::OrdinalIgnoreCase)) {
                New-Result $word $about 'ParameterValue' $head
            }
        }
    }
    if ($found) { $found } else { '' }
`;
