/*
 * The list of bots: a few entries with the peculiarities of Poe's list, such as prices that are strings or missing, times in
 * milliseconds and empty endpoint lists.
 */

interface Model {
  id: string;
  owner: string;
  description: string;
  endpoints?: readonly string[];
  pricing?: Readonly<Record<string, string | null>> | null;
  context?: number | null;
  maxOutput?: number | null;
  reasoning?: object | null;
  parameters?: readonly unknown[];
  modality?: readonly [input: readonly string[], output: readonly string[]];
}

const chat = '/v1/chat/completions';

const allEndpoints = ['/v1/messages', '/v1/responses', chat];

const imageBot = (id: string, description: string): Model => ({
  id,
  owner: 'poe-cli',
  endpoints: ['/v1/images'],
  description,
  modality: [['text'], ['image']],
});

const videoBot = (id: string, description: string): Model => ({
  id,
  owner: 'poe-cli',
  endpoints: ['/v1/videos'],
  description,
  modality: [['text', 'image'], ['video']],
});

const mediaBots: readonly Model[] = [
  imageBot('Sandbox-Image', 'Makes images, and sends their URLs.'),
  imageBot('Sandbox-Image-Data', 'Makes images, and sends them inside its reply.'),
  imageBot('Sandbox-Image-Text', 'Makes images, and sends a text with their URLs.'),
  videoBot('Sandbox-Video', 'Makes a video within four seconds.'),
  videoBot('Sandbox-Video-Slow', 'Makes a video within a minute.'),
  videoBot('Sandbox-Video-Fails', 'Starts a video, and fails.'),
  videoBot('Sandbox-Video-Expires', 'Makes a video that expires at once.'),
  videoBot('Sandbox-Video-Stuck', 'Starts a video and never ends it.'),
  {
    id: 'Sandbox-Voice',
    owner: 'poe-cli',
    description: 'Speaks with a voice that you choose.',
    modality: [['text'], ['audio']],
    parameters: [{name: 'voice', schema: {enum: ['anna', 'ben']}, default_value: 'anna', description: 'Who speaks'}],
  },
];

const models: readonly Model[] = [
  {
    id: 'assistant',
    owner: 'Poe',
    description: 'General-purpose assistant that picks a model for each question.',
    pricing: {prompt: '0.0000011', completion: '0.0000092', image: null, request: null},
    context: 128_000,
  },
  {
    id: 'claude-sonnet-4.6',
    owner: 'Anthropic',
    description: 'Writing, reasoning and programming, with adjustable effort.',
    endpoints: allEndpoints,
    pricing: {
      prompt: '0.0000026',
      completion: '0.000013',
      image: null,
      request: null,
      input_cache_read: '0.00000026',
      input_cache_write: '0.0000032',
    },
    maxOutput: 128_000,
    reasoning: {budget: {max_tokens: 63_999, min_tokens: 0}, required: false, supports_reasoning_effort: true},
    context: 983_040,
    modality: [['text', 'image'], ['text']],
    parameters: [
      {
        name: 'output_effort',
        schema: {enum: ['max', 'high', 'medium', 'low', 'none']},
        default_value: 'medium',
        description: 'How much effort to spend',
      },
      {name: 'web_search', schema: {type: 'boolean'}, default_value: false, description: 'Search the web'},
      {name: 'thinking_budget', schema: {type: 'number', minimum: 0, maximum: 63_999}, default_value: 0},
    ],
  },
  {
    id: 'gemini-2.0-flash',
    owner: 'Google',
    description: 'Fast and inexpensive.',
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
  {
    id: 'veo-3',
    owner: 'Google',
    description: 'Makes videos with sound.',
    endpoints: ['/v1/videos'],
    modality: [['text', 'image'], ['video']],
  },
  {
    id: 'gpt-image-1',
    owner: 'OpenAI',
    description: 'Makes images.',
    endpoints: ['/v1/images'],
    modality: [['text', 'image'], ['image']],
    parameters: [
      {name: 'quality', schema: {enum: ['low', 'medium', 'high']}, default_value: 'high', description: null},
    ],
  },
  ...mediaBots,
  {id: 'Sandbox-Echo', owner: 'poe-cli', endpoints: allEndpoints, description: 'Repeats your message.'},
  {
    id: 'Sandbox-Count',
    owner: 'poe-cli',
    endpoints: allEndpoints,
    description: 'Counts to the number in your message.',
  },
  {id: 'Sandbox-Memory', owner: 'poe-cli', endpoints: allEndpoints, description: 'Repeats the whole conversation.'},
  {
    id: 'Sandbox-Parameters',
    owner: 'poe-cli',
    description: 'Shows the parameters it received.',
    parameters: [
      {name: 'effort', schema: {enum: ['high', 'low']}, default_value: 'low', description: null},
      {name: 'search', schema: {type: 'boolean'}, default_value: false, description: null},
      {name: 'budget', schema: {type: 'number', minimum: 0, maximum: 100}, default_value: 0, description: null},
    ],
  },
  {id: 'Sandbox-Silent', owner: 'poe-cli', description: 'Replies with one word.'},
  {id: 'Sandbox-Thinker', owner: 'poe-cli', endpoints: allEndpoints, description: 'Reasons before it answers.'},
  {id: 'Sandbox-Ponderer', owner: 'poe-cli', description: 'Reasons at length before it answers.'},
  {id: 'Sandbox-Muser', owner: 'poe-cli', description: 'Puts its answer in its reasoning.'},
  {id: 'Sandbox-Trickster', owner: 'poe-cli', description: 'Has control sequences in its reasoning.'},
  {id: 'Sandbox-Code', owner: 'poe-cli', description: 'Replies with a code block.'},
  {
    id: 'Sandbox-Web',
    owner: 'poe-cli',
    endpoints: ['/v1/responses', chat],
    description: 'Cites its sources if it may search the web.',
  },
  {id: 'Sandbox-Slow', owner: 'poe-cli', endpoints: allEndpoints, description: 'Starts a reply and never ends it.'},
  {id: 'Sandbox-Cut', owner: 'poe-cli', endpoints: allEndpoints, description: 'Cuts the connection during its reply.'},
  {
    id: 'Sandbox-Endless',
    owner: 'poe-cli',
    endpoints: allEndpoints,
    description: 'Ends its stream without the final event.',
  },
  {id: 'Sandbox-Strict', owner: 'poe-cli', description: 'Repeats your message, but rejects stream_options.'},
  {id: 'Sandbox-Json', owner: 'poe-cli', endpoints: allEndpoints, description: 'Describes a person in JSON.'},
  {id: 'Sandbox-Broken', owner: 'poe-cli', endpoints: allEndpoints, description: 'Fails during its reply.'},
];

const toEntry = ({
  id,
  owner,
  description,
  endpoints = [],
  pricing = null,
  context = null,
  maxOutput = null,
  reasoning = null,
  parameters = [],
  modality,
}: Model) => {
  const [input, output] = modality ?? [['text'], ['text']];
  return {
    id,
    object: 'model',
    created: 1_770_262_891_433,
    description,
    owned_by: owner,
    root: id,
    architecture: {
      input_modalities: input,
      output_modalities: output,
      modality: `${input.join(',')}->${output.join(',')}`,
    },
    supported_features: endpoints.includes(chat) ? ['tools'] : [],
    supported_endpoints: endpoints,
    pricing,
    context_window: context === null ? null : {context_length: context, max_output_tokens: maxOutput},
    context_length: context,
    metadata: {display_name: id, image: null, url: `https://poe.com/${id}`},
    reasoning,
    parameters,
  };
};

export const modelList = {object: 'list', data: models.map(toEntry)};

/** A bot of the list, by its name in any letter case. */
export const findModel = (name: string): Model | undefined =>
  models.find(({id}) => id.toLowerCase() === name.toLowerCase());

/** Whether a bot of the list names an endpoint. */
export const supports = (name: string, endpoint: string): boolean =>
  findModel(name)?.endpoints?.includes(endpoint) ?? false;

export const parameterNames = (name: string): string[] =>
  (findModel(name)?.parameters ?? []).flatMap((parameter) =>
    typeof parameter === 'object' && parameter !== null && 'name' in parameter ? [String(parameter.name)] : [],
  );

/** Whether a name is that of a bot that is not on the list, like bots of users. They support only Poe's own protocol. */
export const isUnlisted = (name: string): boolean =>
  ['sandbox-native', 'sandbox-drafts', 'sandbox-files', 'sandbox-error'].includes(name.toLowerCase());
