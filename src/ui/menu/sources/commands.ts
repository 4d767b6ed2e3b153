import type {ChatDeps} from '../../chat-deps.js';
import {type Situation, validCommands} from '../../slash-commands/chat-commands.js';
import type {Source} from '../source.js';

/** The slash commands that are valid now. */
export const commandSource = (deps: Pick<ChatDeps, 'commands'>, now: Situation): Source => ({
  async *load() {
    yield validCommands(await deps.commands(), now).map(({name, summary, needsArgument}) => ({
      value: `/${name} `,
      label: `/${name}`,
      detail: summary,
      runs: !needsArgument,
    }));
  },
});
