import {Argument, Command, Option} from 'commander';
import type {Shell} from '../../completion/completion.js';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';

const shells: readonly Shell[] = ['bash', 'zsh', 'fish', 'powershell'];

export const completion = (context: Context) =>
  new Command('completion')
    .summary('print a script that has your shell complete poe')
    .description(
      'Print a script that has your shell complete commands, options and what you have seen of Poe: bots, chats, categories.',
    )
    .usage('<shell> [options]')
    .addArgument(new Argument('[shell]', 'bash, zsh, fish or powershell').choices(shells))
    // What the scripts ask for. bin/poe.js answers it without loading all this.
    .addOption(new Option('--values <kind>').hideHelp())
    .addHelpText('after', examples)
    .action(async (shell: Shell | undefined, flags: {values?: string}, command: Command) => {
      const {script, values} = await import('../../completion/completion.js');
      if (flags.values !== undefined) context.io.stdout.write(values(flags.values, context.io.env, context.profile));
      else if (shell) context.output.text(script(shell, command.parent ?? command));
      else throw noShell();
    });

const noShell = () =>
  new PoeError('usage', 'Which shell is the script to be for?', {
    hint: 'Name it: poe completion bash, zsh, fish or powershell.',
  });

const examples = `
The script is set up once, and asks nothing of Poe. It serves poe-cli as well as poe.

Bash, in ~/.bashrc:
  eval "$(poe completion bash)"

Zsh, into a folder of $fpath, with compinit in ~/.zshrc:
  poe completion zsh > "\${fpath[1]}/_poe"

Fish:
  poe completion fish > ~/.config/fish/completions/poe.fish

PowerShell, in $PROFILE:
  poe completion powershell | Out-String | Invoke-Expression
`;
