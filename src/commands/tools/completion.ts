import {Argument, Command, Option} from 'commander';
import type {Shell} from '../../completion/completion.js';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/examples.js';
import {PoeError} from '../../core/errors.js';

const shells: readonly Shell[] = ['bash', 'zsh', 'fish', 'powershell'];

export const completion = (context: Context) =>
  addExamples(new Command('completion'), examples)
    .summary('Generate shell completion')
    .description(
      'Print the completion script of a shell. It completes commands, options, files, and the bots, chats and categories you have used.',
    )
    .addArgument(new Argument('[shell]', 'bash, zsh, fish or powershell').choices(shells))
    // What the scripts ask for. bin/poe.js answers it without loading all this.
    .addOption(new Option('--values <kind>').hideHelp())
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

const examples: readonly Example[] = [
  ['eval "$(poe completion bash)"', 'In ~/.bashrc'],
  ['poe completion zsh > "${fpath[1]}/_poe"', 'Then restart zsh'],
  ['poe completion fish > ~/.config/fish/completions/poe.fish'],
  ['poe completion powershell | Out-String | Invoke-Expression', 'In $PROFILE'],
];
