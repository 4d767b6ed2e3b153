import {z} from 'zod';
import {listedParameters} from '../../context/clients/bot-parameters.js';
import {priceOf} from './search-bots.js';
import {defineTool} from './tool.js';

const parameter = z.object({
  name: z.string(),
  type: z.string().nullable(),
  values: z.array(z.unknown()).nullable().describe('The accepted values; null for any.'),
  default: z.unknown(),
  description: z.string().nullable(),
});

const output = z.object({
  bot: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  poweredBy: z.string().nullable(),
  price: z.string().nullable(),
  priceList: z.string().nullable().describe("Poe's price list of the bot, in Markdown, if there is no single price."),
  inputs: z.array(z.string()).nullable(),
  outputs: z.array(z.string()).nullable(),
  contextTokens: z.number().nullable(),
  parameters: z.array(parameter).describe('What params of ask accepts.'),
});

export const botInfo = defineTool({
  name: 'bot_info',
  title: 'Show a bot',
  description: 'Show the description, price and parameters of a bot of Poe. Costs nothing.',
  input: z.strictObject({bot: z.string().min(1).describe("The bot's handle.")}),
  output,
  async run({bot: handle}, {host, signal}) {
    const {bots} = host.client;
    const bot = await bots.info(handle, {signal});
    const model = 'pricesUsd' in bot ? bot : undefined;
    const price = priceOf(bot);
    const priceList = price === null && bot.botId !== null ? await bots.rateCard(bot, {signal}) : null;
    const info: z.infer<typeof output> = {
      bot: bot.handle,
      name: bot.displayName,
      description: bot.description,
      poweredBy: bot.poweredBy,
      price,
      priceList,
      inputs: model?.takes ?? null,
      outputs: model?.gives ?? null,
      contextTokens: model?.contextTokens ?? null,
      parameters: listedParameters(bot).map(({name, schema, defaultValue, description, label}) => ({
        name,
        type: schema?.type ?? null,
        values: schema?.enum ?? null,
        default: defaultValue ?? null,
        description: description ?? label ?? null,
      })),
    };
    return {content: [{type: 'text', text: JSON.stringify(info, null, 2)}], structuredContent: info};
  },
});
