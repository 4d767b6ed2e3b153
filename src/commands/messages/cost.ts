import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {Chat} from '../../core/model.js';
import type {ChatRef} from '../../core/chat-ref.js';

export const cost = (context: Context) =>
  new Command('cost')
    .summary('Show what a reply cost')
    .description(
      'Show how many points a reply cost. For a local chat the cost is an estimate, because the API does not link replies to costs.',
    )
    .argument('<messageCode|chat>', 'Message code of a reply, or a chat for its last reply: ID, code, URL, or "last"')
    .action(async (name: string) => {
      // A code may be a message's or a chat's.
      const mayBeMessage = /^[\w-]+$/.test(name) && !/^(?:\d+|last)$/.test(name);
      const isCode = mayBeMessage && !(await context.isLocal({chatCode: name}));
      const points = isCode
        ? (await (await context.web()).messages.cost(name, {signal: context.signal})).points
        : await costIn(await context.chat(name), context);
      if (points !== null || context.output.isJson) context.output.result({points}, ({points}) => String(points));
      else context.output.note('Poe does not tell what it cost (yet).');
    });

async function costIn(chat: ChatRef | Chat, context: Context): Promise<number | null> {
  const {messages} = await context.clientOf(chat);
  const {points, isEstimate} = await messages.cost(chat, {signal: context.signal});
  if (points !== null && isEstimate && !context.output.isJson) {
    context.output.note('As well as can be told: it is what was spent on the bot next to the message in time.');
  }
  return points;
}
