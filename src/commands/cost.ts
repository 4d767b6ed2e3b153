import {Command} from 'commander';
import type {Context} from '../context.js';

export const cost = (context: Context) =>
  new Command('cost')
    .summary('say what a reply has cost')
    .description('Print the points that a reply has cost: the one with this message code, or the last one of a chat.')
    .argument('<messageCode|chat>', "a reply's message code, or a chat: its number, code or address, or last")
    .action(async (name: string) => {
      const {messages} = await context.web();
      // A code may be a message's or a chat's.
      const isCode = /^[\w-]+$/.test(name) && !/^(?:\d+|last)$/.test(name);
      const points = await messages.cost(isCode ? name : await context.chat(name), {signal: context.signal});
      if (points !== null || context.output.isJson) context.output.result({points}, ({points}) => String(points));
      else context.output.note('Poe does not tell what it cost (yet).');
    });
