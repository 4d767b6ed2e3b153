import {z} from 'zod';

/* Fields that several tools have. */

export const promptField = z.string().min(1).max(1_000_000).describe('The message, as the bot receives it.');

export const filesField = z
  .array(z.string().min(1))
  .max(20)
  .default([])
  .describe('Paths of files to send along. Only files in folders that the user has allowed.');

export const parametersField = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .default({})
  .describe('Values for parameters of the bot, which bot_info lists. With an API key also max_tokens and temperature.');

export const maxPointsField = z
  .number()
  .int()
  .nonnegative()
  .optional()
  .describe(
    'Do not send if it may cost more points than this. Set it only if the user named a limit or agreed to a price.',
  );

export const textOf = (values: Readonly<Record<string, string | number | boolean>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

/** What a paid tool says about points. */
export const costFields = {
  expectedPoints: z.number().nullable().describe('The price before the message was sent; null if it was unknown.'),
  cost: z.number().nullable().describe('The points that it has cost; null if Poe has not reported them yet.'),
  budgetLeft: z.number().nullable().describe("Points left of the user's budget; null without a budget."),
};

export const chatField = z
  .string()
  .nullable()
  .describe('The code of the chat, to continue it with ask. Null for a chat without a code.');
