/* A few entries with what was recorded of the real list: prices as strings or none, milliseconds, empty endpoints. */

interface Listed {
  id: string;
  owner: string;
  description: string;
  endpoints?: readonly string[];
  pricing?: Readonly<Record<string, string | null>> | null;
  context?: number | null;
  parameters?: readonly unknown[];
  modality?: readonly [takes: readonly string[], gives: readonly string[]];
}

const chat = '/v1/chat/completions';

const listed: readonly Listed[] = [
  {
    id: 'assistant',
    owner: 'Poe',
    description: 'General-purpose assistant that chooses a model by the question.',
    pricing: {prompt: '0.0000011', completion: '0.0000092', image: null, request: null},
    context: 128_000,
  },
  {
    id: 'claude-sonnet-4.6',
    owner: 'Anthropic',
    description: 'Writes, reasons and programs; thinks for longer if told to.',
    endpoints: ['/v1/messages', '/v1/responses', chat],
    pricing: {prompt: '0.0000026', completion: '0.000013', image: null, request: null, input_cache_read: '0.00000026'},
    context: 983_040,
    modality: [['text', 'image'], ['text']],
    parameters: [
      {
        name: 'output_effort',
        schema: {enum: ['max', 'high', 'medium', 'low', 'none']},
        default_value: 'medium',
        description: 'How much effort to take',
      },
      {name: 'web_search', schema: {type: 'boolean'}, default_value: false, description: 'Look things up'},
      {name: 'thinking_budget', schema: {type: 'number', minimum: 0, maximum: 63_999}, default_value: 0},
    ],
  },
  {
    id: 'gemini-2.0-flash',
    owner: 'Google',
    description: 'Fast and cheap.',
    endpoints: ['/v1/responses', chat],
    pricing: {prompt: '0.0000001', completion: '0.0000004', image: null, request: null},
    context: 1_000_000,
    modality: [['text', 'image', 'video', 'audio'], ['text']],
  },
  {
    id: 'veo-3.1',
    owner: 'Google',
    description: 'Makes videos.',
    endpoints: ['/v1/videos'],
    modality: [['text', 'image'], ['video']],
    parameters: [
      {name: 'aspect', schema: {enum: ['16:9', '9:16']}, default_value: '16:9', description: 'Aspect ratio'},
    ],
  },
  {id: 'Sandbox-Echo', owner: 'poe-cli', description: 'Says what it is told.'},
  {id: 'Sandbox-Count', owner: 'poe-cli', description: 'Counts to the number it is told.'},
  {id: 'Sandbox-Memory', owner: 'poe-cli', description: 'Says what it was told before.'},
  {
    id: 'Sandbox-Parameters',
    owner: 'poe-cli',
    description: 'Says which parameters came.',
    parameters: [
      {name: 'effort', schema: {enum: ['high', 'low']}, default_value: 'low', description: null},
      {name: 'search', schema: {type: 'boolean'}, default_value: false, description: null},
      {name: 'budget', schema: {type: 'number', minimum: 0, maximum: 100}, default_value: 0, description: null},
    ],
  },
  {id: 'Sandbox-Silent', owner: 'poe-cli', description: 'Listens, and says that it has.'},
  {id: 'Sandbox-Thinker', owner: 'poe-cli', description: 'Thinks before it answers.'},
  {id: 'Sandbox-Ponderer', owner: 'poe-cli', description: 'Thinks at length before it answers.'},
  {id: 'Sandbox-Muser', owner: 'poe-cli', description: 'Puts its answer among its thoughts.'},
  {id: 'Sandbox-Trickster', owner: 'poe-cli', description: 'Thinks in control sequences.'},
  {id: 'Sandbox-Code', owner: 'poe-cli', description: 'Answers with a code block.'},
  {id: 'Sandbox-Slow', owner: 'poe-cli', description: 'Begins, and does not end.'},
  {id: 'Sandbox-Cut', owner: 'poe-cli', description: 'Loses its connection.'},
  {id: 'Sandbox-Endless', owner: 'poe-cli', description: 'Stops without saying that it is done.'},
  {id: 'Sandbox-Broken', owner: 'poe-cli', description: 'Breaks off with an error.'},
];

const entryOf = ({
  id,
  owner,
  description,
  endpoints = [],
  pricing = null,
  context = null,
  parameters = [],
  modality,
}: Listed) => {
  const [takes, gives] = modality ?? [['text'], ['text']];
  return {
    id,
    object: 'model',
    created: 1_770_262_891_433,
    description,
    owned_by: owner,
    root: id,
    architecture: {
      input_modalities: takes,
      output_modalities: gives,
      modality: `${takes.join(',')}->${gives.join(',')}`,
    },
    supported_features: endpoints.includes(chat) ? ['tools'] : [],
    supported_endpoints: endpoints,
    pricing,
    context_window: context === null ? null : {context_length: context, max_output_tokens: null},
    context_length: context,
    metadata: {display_name: id, image: null, url: `https://poe.com/${id}`},
    reasoning: null,
    parameters,
  };
};

export const modelList = {object: 'list', data: listed.map(entryOf)};

/** A bot that is listed, in any letter case. */
export const modelOf = (name: string): Listed | undefined =>
  listed.find(({id}) => id.toLowerCase() === name.toLowerCase());

export const parametersOf = (name: string): string[] =>
  (modelOf(name)?.parameters ?? []).flatMap((parameter) =>
    typeof parameter === 'object' && parameter !== null && 'name' in parameter ? [String(parameter.name)] : [],
  );

/** Bots of users, as it were: they are asked by Poe's own protocol, and the list does not have them. */
export const isUnlisted = (name: string): boolean =>
  ['sandbox-native', 'sandbox-drafts', 'sandbox-files', 'sandbox-error'].includes(name.toLowerCase());
