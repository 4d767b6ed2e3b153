import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {Chat} from '../../core/model.js';
import type {ChatRef} from '../../core/chat-ref.js';

export const cost = (context: Context) =>
  new Command('cost')
    .summary('say what a reply has cost')
    .description(
      'Print the points that a reply has cost: the one with this message code, or the last one of a chat. Of a chat on this\n' +
        'machine it is told as well as can be: Poe links no reply by its API to what it cost.',
    )
    .argument('<messageCode|chat>', "a reply's message code, or a chat: its number, code or address, or last")
    .action(async (name: string) => {
      // A code may be a message's or a chat's.
      const mayBeMessage = /^[\w-]+$/.test(name) && !/^(?:\d+|last)$/.test(name);
      const isCode = mayBeMessage && !(await context.isLocal({chatCode: name}));
      const points = isCode
        ? await (await context.web()).messages.cost(name, {signal: context.signal})
        : await costIn(await context.chat(name), context);
      if (points !== null || context.output.isJson) context.output.result({points}, ({points}) => String(points));
      else context.output.note('Poe does not tell what it cost (yet).');
    });

async function costIn(chat: ChatRef | Chat, context: Context): Promise<number | null> {
  const {messages} = await context.clientOf(chat);
  const points = await messages.cost(chat, {signal: context.signal});
  if (points !== null && (await context.isLocal(chat)) && !context.output.isJson) {
    context.output.note('As well as can be told: it is what was spent on the bot next to the message in time.');
  }
  return points;
}
