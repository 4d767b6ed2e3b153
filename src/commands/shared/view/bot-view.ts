import type {Bot} from '../../../core/model.js';
import type {ModelBot} from '../../../core/model-bot.js';
import {describeConditions} from '../../../core/parameters/conditions.js';
import type {BotParameter} from '../../../core/parameters/bot-parameter.js';
import {kindText, pointsText, priceText} from '../../../output/format/bot-facts.js';
import {perMillion, points} from '../../../output/format/numbers.js';
import type {Column} from '../../../output/list/columns.js';
import {dateTime} from '../../../output/format/time.js';
import type {Field} from '../../../output/list/record.js';
import {botColumns as webColumns} from '../../../output/list/standard-columns.js';

/* Shows bots of poe.com, and those of Poe's API, which have prices in dollars and more details. */

/** The columns for a list of bots like this one. */
export const botColumns = (bot: Bot | ModelBot): readonly Column<Bot | ModelBot>[] =>
  // A list has bots of one kind only.
  (isModel(bot) ? modelColumns : webColumns) as readonly Column<Bot | ModelBot>[];

export const botFields = (bot: Bot | ModelBot): readonly Field[] => (isModel(bot) ? modelFields(bot) : webFields(bot));

const isModel = (bot: Bot | ModelBot): bot is ModelBot => 'pricesUsd' in bot;

const modelColumns: readonly Column<ModelBot>[] = [
  {title: 'Bot', value: ({handle}) => handle, isShrinkable: true},
  {title: 'Price', value: priceText, shown: (bot) => priceText(bot) ?? 'unknown'},
  {
    title: 'Context',
    value: ({contextTokens}) => contextTokens,
    shown: ({contextTokens}) => (contextTokens === null ? '' : tokens(contextTokens)),
    align: 'right',
    isOptional: true,
  },
  {title: 'Kind', value: kindText, shown: (bot) => kindText(bot) ?? '', isOptional: true},
  {title: 'Description', value: ({description}) => description, flex: true, isOptional: true},
];

/** Formats a number of tokens: "128k", "1M". */
const tokens = (count: number) =>
  new Intl.NumberFormat('en-US', {notation: 'compact', maximumFractionDigits: 1})
    .format(count)
    .toLowerCase()
    .replace('m', 'M');

/** The prices per million tokens that are read from the provider's cache, or written to it. */
function cacheText({pricesUsd}: ModelBot): string | null {
  const {cacheRead = null, cacheWrite = null} = pricesUsd ?? {};
  const parts = [
    cacheRead !== null && `${perMillion(cacheRead)} to read`,
    cacheWrite !== null && `${perMillion(cacheWrite)} to write`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')} per million tokens` : null;
}

function reasoningText({reasoning}: ModelBot): string | null {
  if (!reasoning) return null;
  const {minTokens, maxTokens, isRequired, takesEffort} = reasoning;
  const range =
    minTokens === null && maxTokens === null ? null : `${minTokens ?? 0} to ${maxTokens ?? 'any number of'} tokens`;
  return [isRequired ? 'always' : 'optional', range, takesEffort ? 'takes an effort' : null].filter(Boolean).join(', ');
}

/** The rows of a price list in Markdown, as lines: "Bot message: 15 points / message". */
function cardText(card: string | null | undefined): string {
  const lines = (card ?? '').split('\n').map((line) => line.replaceAll(/^[\s|]+|[\s|]+$/g, ''));
  const rows = lines.filter((line, index) => line !== '' && !isRule(line) && !isRule(lines[index + 1] ?? ''));
  return rows.map((line) => line.split(/\s*\|\s*/).join(': ')).join('\n');
}

const isRule = (line: string): boolean => /^[-:|\s]+$/.test(line) && line.includes('-');

const webFields = (bot: Bot & {rateCard?: string | null}): readonly Field[] => [
  ['Handle', bot.handle],
  ['Name', bot.displayName],
  [
    'Price',
    points(bot.displayMessagePointPrice) || cardText(bot.rateCard) || 'unknown',
    bot.displayMessagePointPrice ?? (bot.rateCard && cardText(bot.rateCard)),
  ],
  ['Description', bot.description],
  ['Powered by', bot.poweredBy],
  ['Introduction', bot.introduction || null],
  parametersField(bot.parameters ?? []),
  ['Tags', bot.tags.join(', ') || null],
  ['Model', bot.model],
  ['ID', String(bot.botId)],
  ['Picture', bot.pictureUrl],
];

const parametersField = (parameters: readonly BotParameter[]): Field => [
  'Parameters',
  parameters.map(parameterText).join('\n') || null,
  [...new Set(parameters.map(({name}) => name))].join(', '),
];

const modelFields = (bot: ModelBot): readonly Field[] => [
  ['Handle', bot.handle],
  ['Name', bot.displayName],
  [
    'Price',
    priceText(bot) === null
      ? 'unknown'
      : `${priceText(bot)}${bot.pricesUsd?.prompt === null ? '' : ' per million tokens'}`,
    priceText(bot),
  ],
  ['In points', pointsText(bot) && `about ${pointsText(bot)} per 1,000 tokens`, pointsText(bot)],
  ['Cached input', cacheText(bot)],
  [
    'Context',
    bot.contextTokens === null ? null : `${bot.contextTokens.toLocaleString('en-US')} tokens`,
    bot.contextTokens,
  ],
  [
    'Max. output',
    bot.outputTokens === null ? null : `up to ${bot.outputTokens.toLocaleString('en-US')} tokens`,
    bot.outputTokens,
  ],
  ['Input', bot.takes.join(', ') || null],
  ['Output', bot.gives.join(', ') || null],
  ['Endpoints', bot.endpoints.join(', ') || null],
  ['Reasoning', reasoningText(bot)],
  parametersField(bot.parameters),
  ['Description', bot.description],
  ['Powered by', bot.poweredBy],
  ['Tags', bot.tags.join(', ') || null],
  ['Added', bot.createdTime && dateTime(bot.createdTime), bot.createdTime],
  ['Picture', bot.pictureUrl],
];

/** The columns for a list of parameters. Only those of poe.com have conditions. */
export const parameterColumns = (parameters: readonly BotParameter[]): readonly Column<BotParameter>[] =>
  parameters.some(({conditions}) => conditions) ? [...commonColumns, conditionColumn] : commonColumns;

const conditionColumn: Column<BotParameter> = {
  title: 'Only if',
  value: (parameter) => describeConditions(parameter) ?? null,
};

const commonColumns: readonly Column<BotParameter>[] = [
  {title: 'Name', value: ({name}) => name},
  {title: 'Values', value: valuesText},
  {
    title: 'Default',
    value: ({defaultValue}) => (defaultValue === null ? null : JSON.stringify(defaultValue)),
  },
  {title: 'Description', value: descriptionText, flex: true},
];

function valuesText({schema}: BotParameter): string {
  const {minimum = null, maximum = null, step} = schema ?? {};
  const range = minimum === null && maximum === null ? '' : ` ${minimum ?? ''}…${maximum ?? ''}`;
  const steps = step === undefined ? '' : ` in steps of ${step}`;
  return schema?.enum ? schema.enum.map(String).join('|') : `${schema?.type ?? 'text'}${range}${steps}`;
}

/** The name of a parameter on poe.com, and its description. */
function descriptionText({label, description}: BotParameter): string | null {
  return [label, description].filter(Boolean).join(': ') || null;
}

function parameterText(parameter: BotParameter): string {
  const {name, defaultValue} = parameter;
  const byDefault = defaultValue === null ? '' : `, default ${JSON.stringify(defaultValue)}`;
  const condition = describeConditions(parameter);
  const onlyIf = condition === undefined ? '' : `, only if ${condition}`;
  const description = descriptionText(parameter);
  return `${name}=${valuesText(parameter)}${byDefault}${onlyIf}${description ? `: ${description}` : ''}`;
}
