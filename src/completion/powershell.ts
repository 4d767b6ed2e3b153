import {verbatim} from './text.js';
import {type Flag, type Place, type Slot, withoutCommon} from './tree.js';

/** The script that has PowerShell complete a program: the tree as a table, and how it is walked. */
export function powershellScript(root: Place): string {
  const {common, places} = withoutCommon(root);
  return `# Completion of poe for PowerShell, as \`poe completion powershell\` prints it.

$PoeCommon = @(
${common.map((option) => `    ${optionOf(option)}`).join('\n')}
)

$PoePlaces = @{
${places.map((place) => `    ${quoted(place.path)} = ${placeOf(place)}`).join('\n')}
}
${walk}`;
}

function placeOf({options, arguments: slots, subcommands}: Place): string {
  const commands = subcommands.map(
    ({name, description}) => `@{ Name = ${quoted(name)}; About = ${quoted(description)} }`,
  );
  return `@{
        Commands = @(${commands.join('; ')})
        Options = @(${options.map(optionOf).join('; ')})
        Arguments = @(${slots.map(slotOf).join('; ')})
    }`;
}

const optionOf = ({names, description, value}: Flag) =>
  `@{ Names = @(${names.map(quoted).join(', ')}); About = ${quoted(description)}; Value = ${value ? slotOf(value) : '$null'} }`;

function slotOf({words, isVariadic}: Slot): string {
  const choices = words.kind === 'choices' ? words.choices : [];
  const kind = words.kind === 'live' ? words.live : words.kind;
  return `@{ Kind = ${quoted(kind)}; More = ${isVariadic ? '$true' : '$false'}; Choices = @(${choices.map(quoted).join(', ')}) }`;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

const walk = verbatim`
$PoeComplete = {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words before the one at the cursor.
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        Select-Object -Skip 1 |
        ForEach-Object { $_.ToString().Trim("'", '"') })

    $path = ''
    $arguments = 0
    $waiting = $null
    $profileName = $null
    foreach ($word in $words) {
        if ($null -ne $waiting) {
            if ($waiting.Kind -eq 'profiles') { $profileName = $word }
            $waiting = $null
        }
        elseif ($word.StartsWith('-') -and $word.Length -gt 1) {
            $option = @($PoePlaces[$path].Options) + $PoeCommon | Where-Object { $_.Names -ccontains $word } | Select-Object -First 1
            if ($null -ne $option) { $waiting = $option.Value }
        }
        elseif ($arguments -eq 0 -and @($PoePlaces[$path].Commands | ForEach-Object { $_.Name }) -ccontains $word) {
            $path = "$path $word".Trim()
        }
        else {
            $arguments += 1
        }
    }

    $place = $PoePlaces[$path]
    $found = @()
    if ($null -ne $waiting) {
        $slot = $waiting
    }
    elseif ($wordToComplete.StartsWith('-')) {
        $slot = $null
        $found = @($place.Options) + $PoeCommon | ForEach-Object {
            foreach ($name in $_.Names) { @{ Word = $name; About = $_.About } }
        }
    }
    elseif ($arguments -eq 0 -and $place.Commands.Count -gt 0) {
        $slot = $null
        $found = $place.Commands | ForEach-Object { @{ Word = $_.Name; About = $_.About } }
    }
    else {
        $last = $place.Arguments.Count - 1
        $slot = if ($arguments -le $last) { $place.Arguments[$arguments] }
            elseif ($last -ge 0 -and $place.Arguments[$last].More) { $place.Arguments[$last] }
            else { $null }
    }

    if ($null -ne $slot) {
        if ($slot.Kind -eq 'choices') {
            $found = $slot.Choices | ForEach-Object { @{ Word = $_; About = $_ } }
        }
        elseif (@('bots', 'chats', 'categories', 'profiles') -contains $slot.Kind) {
            $more = if ($null -ne $profileName) { @('--profile', $profileName) } else { @() }
            $found = & poe completion --values $slot.Kind @more 2>$null | ForEach-Object {
                $value, $about = $_ -split "\`t", 2
                @{ Word = $value; About = $(if ($about) { $about } else { $value }) }
            }
        }
    }

    $found | Where-Object { $_.Word -like "$([WildcardPattern]::Escape($wordToComplete.Trim("'", '"')))*" } | ForEach-Object {
        $text = if ($_.Word -match '^[\w./-]+$') { $_.Word } else { "'" + $_.Word.Replace("'", "''") + "'" }
        $about = if ($_.About) { $_.About } else { $_.Word }
        [System.Management.Automation.CompletionResult]::new($text, $_.Word, 'ParameterValue', $about)
    }
}

Register-ArgumentCompleter -Native -CommandName poe, poe-cli -ScriptBlock $PoeComplete
`;
