import * as v from 'valibot';

/*
 * The fields of bot.yaml. `npm run docs` makes schema/bot.schema.json of them, with which editors complete and check the file. The
 * messages continue a sentence that starts with the name of the field.
 */

const text = v.string('must be text');
const flag = v.boolean('must be true or false');
const count = v.pipe(
  v.number('must be a whole number'),
  v.integer('must be a whole number'),
  v.minValue(0, 'must not be negative'),
);
const choice = <const T extends readonly string[]>(...values: T) =>
  v.picklist(values, `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}`);
const listOf = <const S extends v.GenericSchema>(item: S) => v.array(item, 'must be a list');
const described = <const S extends v.GenericSchema>(schema: S, description: string) =>
  v.optional(v.pipe(schema, v.description(description)));

export const handlePattern = /^[a-zA-Z0-9_.-]{4,20}$/;
const handle = v.pipe(
  text,
  v.regex(handlePattern, 'must have 4 to 20 letters, digits, ".", "-" or "_"'),
  v.description('The name in the URL of the bot: 4 to 20 letters, digits, ".", "-" or "_"'),
);
const url = v.pipe(text, v.regex(/^https?:\/\/[^\s/]/, 'must be a URL that begins with https://'));
/** A bot must not get the credentials of poe itself: its folder may come from somebody else. */
const environmentVariable = v.pipe(
  text,
  v.regex(
    /^(?!POE_(?:P_B|P_LAT|FORMKEY|FROMKEY|API_KEY|CF_\w+)$)[A-Za-z_]\w*$/,
    'must be the name of an environment variable that has no credentials of your Poe account',
  ),
);
/** A decimal number as text, because numbers of YAML may lose digits. */
const tokenPrice = v.pipe(
  v.string('must be text, such as "0.000003"'),
  v.regex(/^\d+(?:\.\d+)?$/, 'must be a number of dollars, such as "0.000003"'),
);

const tier = v.strictObject(
  {
    min_tokens: described(count, 'From this many tokens of input'),
    max_tokens: v.optional(v.nullable(count)),
    prompt: described(tokenPrice, 'Dollars for each token of input'),
    completion: described(tokenPrice, 'Dollars for each token of output'),
    input_cache_reads: described(tokenPrice, 'Dollars for each cached token of input'),
  },
  'must have fields',
);

const pricing = v.strictObject(
  {
    prompt: described(tokenPrice, 'Dollars for each token of input, as text'),
    completion: described(tokenPrice, 'Dollars for each token of output, as text'),
    input_cache_reads: described(tokenPrice, 'Dollars for each cached token of input, as text'),
    context_pricing: described(
      v.strictObject({tiers: listOf(tier)}, 'must have the field tiers'),
      'Other prices for long inputs',
    ),
  },
  'must have fields',
);

const endpoint = v.strictObject(
  {
    base_url: v.pipe(url, v.description('Base URL of your chat completions or responses API')),
    model_name: v.pipe(text, v.description('Name of the model that is passed to it')),
    api_key_env: described(environmentVariable, 'Environment variable with the key that Poe sends to it'),
    api_type: described(choice('chat_completions_api', 'responses_api'), 'Which API it speaks'),
    max_input_tokens: described(count, 'Most tokens of input'),
    context_size: described(count, 'Size of the context in tokens'),
    input_modalities: described(listOf(choice('text', 'image', 'video')), 'Kinds of input'),
    output_modalities: described(listOf(choice('text')), 'Kinds of output'),
    supported_features: described(listOf(choice('tools')), 'What else it supports'),
    param_definitions: described(
      listOf(
        v.strictObject({
          param_name: text,
          param_dest: choice('extra_body'),
          default_value: v.optional(v.unknown()),
        }),
      ),
      'Parameters of parameter_controls that are passed to it',
    ),
    pricing: described(pricing, 'What users pay'),
  },
  'must have fields',
);

const controlKinds = [
  'text_field',
  'text_area',
  'number_field',
  'drop_down',
  'toggle_switch',
  'slider',
  'aspect_ratio',
  'divider',
  'conditionally_render',
] as const;
const control = v.looseObject(
  {
    control: v.picklist(controlKinds, `must be one of ${controlKinds.join(', ')}`),
    label: v.optional(text),
    description: v.optional(text),
    parameter_name: v.optional(text),
    default_value: v.optional(v.unknown()),
  },
  'must have fields',
);
const controlGroup = {
  name: v.optional(text),
  controls: v.optional(listOf(control)),
  collapsed_by_default: v.optional(flag),
};
const parameterControls = v.strictObject(
  {
    api_version: v.literal('2', 'must be "2"'),
    sections: listOf(
      v.strictObject(
        {...controlGroup, tabs: v.optional(listOf(v.strictObject(controlGroup, 'must have fields')))},
        'must have fields',
      ),
    ),
  },
  'must have the fields api_version and sections',
);

export const categories = ['prompt', 'image', 'video', 'role-play', 'script', 'api'] as const;
export type BotCategory = (typeof categories)[number];

export const BotSettings = v.strictObject(
  {
    handle,
    name: described(text, 'The name that users see (default: the handle)'),
    category: v.optional(
      v.pipe(
        choice(...categories),
        v.description(
          'What the bot is (default: prompt). A script is Python in script.py; an api bot runs on your server',
        ),
      ),
      'prompt',
    ),
    base_bot: described(text, 'Handle of the bot that answers, with the prompt as its instructions'),
    description: described(text, 'What the bot does, for people who look for bots'),
    introduction: described(text, 'The first message that users see'),
    temperature: described(
      v.pipe(v.number('must be a number'), v.minValue(0, 'must be from 0 to 2'), v.maxValue(2, 'must be from 0 to 2')),
      'How varied the replies are: from 0 to 2',
    ),
    visibility: described(choice('private', 'public'), 'Who can use the bot (default: private)'),
    prompt_visibility: described(choice('private', 'public'), 'Who can read the prompt (default: private)'),
    suggested_replies: described(flag, 'Suggest replies to users (default: false)'),
    markdown: described(flag, 'Show replies as Markdown (default: true)'),
    cite_sources: described(flag, 'Cite the knowledge in replies (default: true)'),
    related_bots: described(flag, 'Let Poe recommend related bots (default: true)'),
    message_price: described(count, "What a message costs, in the unit of Poe's messagePriceCc"),
    message_limit: described(count, 'Most messages a day of one user'),
    picture_url: described(url, 'URL of the picture. Poe has no known way to receive avatar.png'),
    server_url: described(url, "URL of a server that speaks Poe's bot protocol, such as one started by poe bot serve"),
    access_key_env: described(environmentVariable, 'Environment variable with the access key of that server'),
    endpoint: described(endpoint, 'An API of yours in the format of OpenAI. Requires an API key of Poe'),
    parameter_controls: described(parameterControls, 'Controls for parameters, version 2. Only with endpoint'),
  },
  'must have fields',
);

/** What bot.yaml says, with defaults only for the category. */
export type BotSettings = v.InferOutput<typeof BotSettings>;

/** The categories that a field is limited to. */
export const fieldCategories: Partial<Record<keyof BotSettings, readonly BotCategory[]>> = {
  base_bot: ['prompt', 'image', 'video', 'role-play'],
  temperature: ['prompt', 'role-play'],
  prompt_visibility: ['prompt', 'image', 'video', 'role-play', 'script'],
  cite_sources: ['prompt', 'role-play'],
  server_url: ['api'],
  access_key_env: ['api'],
  endpoint: ['api'],
  parameter_controls: ['api'],
};
