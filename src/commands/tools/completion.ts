import {Argument, Command} from 'commander';
import type {ShellName} from '../../completion/shells.js';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/options/examples.js';

const shells: readonly ShellName[] = ['bash', 'zsh', 'fish', 'powershell'];

/** Prints a script that asks bin/poe.js for completions with `poe completion --complete …`. */
export const completion = (context: Context) =>
  addExamples(new Command('completion'), examples)
    .summary('Generate shell completion')
    .description(
      'Print the completion script of a shell. It completes commands, options, files, and the bots, chats and categories you have used.',
    )
    .addArgument(new Argument('<shell>', 'bash, zsh, fish or powershell').choices(shells))
    .action(async (shell: ShellName) => {
      const {scripts} = await import('../../completion/shells.js');
      context.output.text(scripts[shell]);
    });

const examples: readonly Example[] = [
  ['eval "$(poe completion bash)"', 'In ~/.bashrc'],
  ['poe completion zsh > "${fpath[1]}/_poe"', 'With compinit in ~/.zshrc'],
  ['poe completion fish > ~/.config/fish/completions/poe.fish'],
  ['poe completion powershell | Out-String | Invoke-Expression', 'In $PROFILE'],
];
