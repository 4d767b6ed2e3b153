import {type Situation, validCommands} from '../../slash-commands/chat-commands.js';
import type {SlashCommand} from '../../slash-commands/slash-command.js';
import {fixed, type Source} from '../source.js';

/** The slash commands that are valid now. */
export const commandSource = (commands: readonly SlashCommand[], now: Situation): Source =>
  fixed(
    validCommands(commands, now).map(({name, summary, needsArgument}) => ({
      value: `/${name} `,
      label: `/${name}`,
      detail: summary,
      runs: !needsArgument,
    })),
  );
