import {Argument, Command} from 'commander';
import type {Context} from '../../context/context.js';
import {requireWebChat} from '../shared/require-web-chat.js';

export const contextOptimization = (context: Context) =>
  new Command('context-optimization')
    .summary('switch the saving of context of a chat on or off')
    .description(
      'Switch on or off, for one chat, that Poe shortens what is sent along of it. Shortened, messages cost less.',
    )
    .argument('<chat>', "the chat's number, code or address, or last")
    .addArgument(new Argument('<state>', 'on or off').choices(['on', 'off']))
    .action(async (name: string, state: 'on' | 'off') => {
      const chat = await context.chat(name);
      const {chats} = await requireWebChat(context, chat, 'Context optimization', 'Instead: poe clear-context <chat>.');
      const enabled = state === 'on';
      await chats.setContextOptimization(chat, enabled, {signal: context.signal});
      context.output.result({enabled}, () => `Context optimization is ${state}`);
    });
