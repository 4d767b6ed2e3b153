import type {ModelBot} from '../model-bot.js';
import type {Protocol} from '../options.js';
import type {BotParameter} from './bot-parameter.js';

function common(
  name: string,
  type: string,
  minimum: number | null = null,
  maximum: number | null = null,
): BotParameter {
  return {name, schema: {type, enum: null, minimum, maximum}, defaultValue: null, description: null};
}

const anthropic = [
  common('temperature', 'number', 0, 1),
  common('top_p', 'number', 0, 1),
  common('top_k', 'integer', 0),
  common('max_tokens', 'integer', 1),
  common('stop', 'string'),
];

/** The parameters that every bot accepts. */
const commonParameters: Readonly<Record<Protocol, readonly BotParameter[]>> = {
  openai: [
    common('temperature', 'number', 0, 2),
    common('top_p', 'number', 0, 1),
    common('max_tokens', 'integer', 1),
    common('stop', 'string'),
  ],
  native: [common('temperature', 'number', 0), common('stop', 'string')],
  messages: anthropic,
  responses: [
    common('temperature', 'number', 0, 2),
    common('top_p', 'number', 0, 1),
    common('max_tokens', 'integer', 1),
    common('web_search', 'boolean'),
  ],
  images: [
    common('n', 'integer', 1, 10),
    common('size', 'string'),
    ...['quality', 'background', 'output_format', 'style'].map((name) => common(name, 'string')),
  ],
  videos: [common('seconds', 'integer', 1), common('size', 'string')],
};

/** Parameters that the API does not list with a bot, but that follow from what it says about the bot's reasoning. */
function reasoningParameters({reasoning}: ModelBot, protocol: Protocol): BotParameter[] {
  const {minTokens = null, maxTokens = null, takesEffort = false} = reasoning ?? {};
  // Only Anthropic's format has a field for the budget.
  const hasBudget = protocol === 'messages' && maxTokens !== null;
  return [
    ...(takesEffort ? [levelParameter] : []),
    ...(hasBudget ? [common('thinking_budget', 'integer', minTokens ?? 0, maxTokens)] : []),
  ];
}

const levelParameter: BotParameter = {
  ...common('reasoning_effort', 'string'),
  schema: {type: 'string', enum: ['low', 'medium', 'high'], minimum: null, maximum: null},
};

/** The parameters of a bot itself in a protocol, those that it lists first. */
export function ownParameters(bot: ModelBot, protocol: Protocol): BotParameter[] {
  return withOthers(bot.parameters, reasoningParameters(bot, protocol));
}

/** All parameters that a bot accepts in a protocol, its own ones first. @param bot undefined if the API does not list it */
export function apiParameters(bot: ModelBot | undefined, protocol: Protocol): BotParameter[] {
  return withOthers(bot ? ownParameters(bot, protocol) : [], commonParameters[protocol]);
}

function withOthers(own: readonly BotParameter[], others: readonly BotParameter[]): BotParameter[] {
  const names = new Set(own.map(({name}) => name));
  return [...own, ...others.filter(({name}) => !names.has(name))];
}
