import {z} from 'zod';
import {points as pointsText} from '../../output/format/numbers.js';
import {defineTool} from './tool.js';

const output = z.object({
  points: z.number().nullable().describe('Points left in the account; null if Poe does not say.'),
  budget: z
    .object({
      limit: z.number(),
      period: z.enum(['day', 'month']),
      spent: z.number(),
      left: z.number(),
      resetsAt: z.string(),
    })
    .nullable()
    .describe('What the user allows you to spend; null if there is no budget.'),
  askAbove: z.number().nullable().describe('The user is asked before a message that costs more; null if never.'),
});

export const balance = defineTool({
  name: 'balance',
  title: 'Show points left',
  description: 'Show how many points the account has left, and how many of them may be spent. Costs nothing.',
  input: z.strictObject({}),
  output,
  async run(_input, {host: {client}, limits, signal}) {
    const [{points}, budget] = await Promise.all([client.account.balance({signal}), client.budget.get({signal})]);
    const askAbove = limits.askAbove === 'never' ? null : limits.askAbove;
    const lines = [
      points === null ? 'Poe does not show the points left.' : `Left in the account: ${pointsText(points)}.`,
      budget
        ? `Left of the budget: ${pointsText(Math.floor(budget.left))} of ${pointsText(budget.limit)} a ${budget.period}, until ${budget.resetsAt}.`
        : 'There is no budget.',
      ...(askAbove === null
        ? []
        : [`The user is asked before a message that costs more than ${pointsText(askAbove)}.`]),
    ];
    return {content: [{type: 'text', text: lines.join('\n')}], structuredContent: {points, budget, askAbove}};
  },
});
