import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {points as pointsText} from '../../output/format/numbers.js';

export const cost = (context: Context) =>
  new Command('cost')
    .summary('Show how many points a reply cost')
    .description(
      'Show how many points a reply cost. For a local chat the cost is an estimate, because the API does not link replies to costs.',
    )
    .argument('<messageCode|chat>', 'Message code of a reply, or a chat for its last reply: ID, code, URL, or "last"')
    .action(async (name: string) => {
      // A code may be a message's or a chat's.
      const isCode = /^[\w-]+$/.test(name) && !/^(?:\d+|last)$/.test(name);
      const of = isCode ? name : await context.chat(name);
      const {points, isEstimate} = await context.client.messages.cost(of, {signal: context.signal});
      const {output} = context;
      if (isEstimate && points !== null && !output.isJson) {
        output.note('This is an estimate: the charge for this bot that is closest in time to the message.');
      }
      const asText = (cost: number) => (context.io.stdout.isTTY ? pointsText(cost) : String(cost));
      if (points !== null || output.isJson) output.result({points}, () => (points === null ? '' : asText(points)));
      else output.note('Poe has not reported the cost of this reply.');
    });
