import {Argument, Command} from 'commander';
import type {Context} from '../../context/context.js';

export const contextOptimization = (context: Context) =>
  new Command('context-optimization')
    .summary('Turn context optimization on or off')
    .description(
      'Turn context optimization on or off for one chat. When it is on, Poe shortens the context it sends to the bot, so messages cost less.',
    )
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .addArgument(new Argument('<state>', 'on or off').choices(['on', 'off']))
    .action(async (name: string, state: 'on' | 'off') => {
      const chat = await context.chat(name);
      const enabled = state === 'on';
      await context.client.chats.setContextOptimization(chat, enabled, {signal: context.signal});
      context.output.summary({enabled}, () => `Context optimization is ${state}`);
    });
