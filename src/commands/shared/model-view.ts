import type {ModelBot} from '../../core/model.js';
import type {Column} from '../../output/list/columns.js';
import {perMillion} from '../../output/format/numbers.js';

/* How bots are shown that Poe's API lists. */

export const modelColumns: readonly Column<ModelBot>[] = [
  {title: 'Bot', value: ({handle}) => handle},
  {title: 'Price', value: priceText, shown: (bot) => priceText(bot) ?? ''},
  {
    title: 'Context',
    value: ({contextTokens}) => contextTokens,
    shown: ({contextTokens}) => (contextTokens === null ? '' : tokens(contextTokens)),
    align: 'right',
  },
  {title: 'Kind', value: kindText, shown: (bot) => kindText(bot) ?? ''},
  {title: 'Description', value: ({description}) => description, flex: true},
];

/** A number of tokens: "128k", "1M". */
const tokens = (count: number) =>
  new Intl.NumberFormat('en-US', {notation: 'compact', maximumFractionDigits: 1})
    .format(count)
    .toLowerCase()
    .replace('m', 'M');

/** What it reads and what it makes: "text, image → text". */
function kindText({takes, gives}: ModelBot): string | null {
  return takes.length + gives.length === 0 ? null : `${takes.join(', ')} → ${gives.join(', ')}`;
}

/** What a million tokens cost, to be read and to be written. */
function priceText({pricesUsd}: ModelBot): string | null {
  if (!pricesUsd) return null;
  const {prompt, completion, image, request} = pricesUsd;
  const parts = [
    prompt !== null && `${perMillion(prompt)} in`,
    completion !== null && `${perMillion(completion)} out`,
    image !== null && `${image} an image`,
    // In which unit Poe does not say.
    request !== null && `${request} a message`,
  ];
  return parts.filter(Boolean).join(', ') || null;
}

export const modelFields = (bot: ModelBot) =>
  [
    ['Handle', bot.handle],
    ['Name', bot.displayName],
    ['Price', priceText(bot) && `${priceText(bot)}, for a million tokens`, priceText(bot)],
    [
      'Context',
      bot.contextTokens === null ? null : `${bot.contextTokens.toLocaleString('en-US')} tokens`,
      bot.contextTokens,
    ],
    [
      'Writes',
      bot.outputTokens === null ? null : `up to ${bot.outputTokens.toLocaleString('en-US')} tokens`,
      bot.outputTokens,
    ],
    ['Takes', bot.takes.join(', ') || null],
    ['Gives', bot.gives.join(', ') || null],
    [
      'Parameters',
      bot.parameters.map(parameterText).join('\n') || null,
      bot.parameters.map(({name}) => name).join(', '),
    ],
    ['Description', bot.description],
    ['Powered by', bot.poweredBy],
    ['Tags', bot.tags.join(', ') || null],
    ['Picture', bot.pictureUrl],
  ] as const;

function parameterText({name, schema, defaultValue, description}: ModelBot['parameters'][number]): string {
  const {minimum = null, maximum = null} = schema ?? {};
  const range = minimum === null && maximum === null ? '' : ` ${minimum ?? ''}…${maximum ?? ''}`;
  const values = schema?.enum ? schema.enum.map(String).join('|') : `${schema?.type ?? 'text'}${range}`;
  const usual = defaultValue === null ? '' : `, usually ${JSON.stringify(defaultValue)}`;
  return `${name}=${values}${usual}${description ? `: ${description}` : ''}`;
}
