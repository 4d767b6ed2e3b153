import {Argument, Command} from 'commander';
import type {Context} from '../context.js';

export const contextOptimization = (context: Context) =>
  new Command('context-optimization')
    .summary('switch the saving of context of a chat on or off')
    .description(
      'Switch on or off, for one chat, that Poe shortens what is sent along of it. Shortened, messages cost less.',
    )
    .argument('<chat>', "the chat's number, code or address, or last")
    .addArgument(new Argument('<state>', 'on or off').choices(['on', 'off']))
    .action(async (name: string, state: 'on' | 'off') => {
      const {chats} = await context.web();
      const enabled = state === 'on';
      await chats.setContextOptimization(await context.chat(name), enabled, {signal: context.signal});
      context.output.result({enabled}, () => `Context optimization is ${state}`);
    });
