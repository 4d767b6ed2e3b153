import {controlsOf} from './bot-controls.js';
import type {BotServer} from '../server-bots/ask-server.js';
import {seededCode, seededNumber} from './seeded.js';

export const categories = [
  'Official',
  'Reasoning',
  'Apps',
  'Search',
  'Image generation',
  'Audio and video',
  'For you',
  'Popular',
  'Funny',
  'Roleplay',
  'AI',
  'Utilities',
  'Programming',
  'Hobbies',
  'Learning',
  'Game Apps',
  'Featured',
  'Professional',
  'Creative writing',
  'Game Bots',
  'Advice',
  'Mind',
  'Translation',
  'Text analysis',
  'New',
] as const;
export type Category = (typeof categories)[number];

/** A bot of the site. */
export interface Bot {
  readonly botId: number;
  readonly handle: string;
  readonly displayName: string;
  /** The internal name, also used as the author of its messages. */
  readonly model: string;
  readonly pictureUrl: string;
  readonly description: string;
  readonly poweredBy: string | null;
  readonly tags: readonly string[];
  /** Points per message. */
  readonly price: number;
  readonly introduction: string;
  readonly isMadeByUser: boolean;
  readonly categories: readonly Category[];
  /** The definition of the controls for its parameters; null for none. */
  readonly controls: object | null;
  /** The server that writes its replies; undefined if the sandbox does. */
  readonly server?: BotServer | undefined;
  /** Whether it belongs to the account. */
  readonly isOwn?: boolean;
  /** Whether only its owner sees it. */
  readonly isPrivate?: boolean;
}

type Row = readonly [handle: string, price: number, categories: readonly Category[], description: string];

const officialBots: readonly (readonly [maker: string, rows: readonly Row[]])[] = [
  [
    'Google',
    [
      ['gemini-2.0-flash', 5, ['Popular', 'For you', 'AI'], 'A quick model for everyday questions.'],
      [
        'Gemini-2.0-Pro',
        90,
        ['Reasoning', 'Programming'],
        'The strongest Gemini 2.0 model, for code and long documents.',
      ],
      ['Gemini-2.0-Flash-Lite', 3, ['AI', 'Utilities'], 'The smallest Gemini 2.0, for short tasks at a low price.'],
      ['Gemini-1.5-Pro', 70, ['AI', 'Text analysis'], 'Reads very long texts.'],
      ['Gemini-1.5-Flash-Search', 8, ['Search'], 'Answers from the web, with sources.'],
      ['Imagen3', 420, ['Image generation'], 'High-quality images from a description.'],
      ['Gemma-2-27b-T', 10, ['AI'], 'An open model by Google.'],
    ],
  ],
  [
    'OpenAI',
    [
      ['GPT-4o', 240, ['Popular', 'Featured', 'AI'], 'A fast, capable model for text and images.'],
      ['GPT-4o-Mini', 15, ['Popular', 'For you', 'AI'], 'A small model that is good value for simple tasks.'],
      ['GPT-4.5-Preview', 4200, ['Featured', 'Creative writing'], "OpenAI's largest chat model."],
      ['o1', 450, ['Reasoning', 'Featured'], 'Reasons before it answers, for hard mathematics and code.'],
      ['o3-mini', 260, ['Reasoning', 'Programming'], 'Fast reasoning, especially about code and science.'],
      ['DALL-E-3', 1500, ['Image generation', 'Popular'], 'Draws images from a description.'],
      ['GPT-4o-Search', 300, ['Search'], 'Searches the web before it answers.'],
    ],
  ],
  [
    'Anthropic',
    [
      [
        'Claude-3.7-Sonnet',
        100,
        ['Popular', 'Programming', 'For you'],
        'A hybrid model: quick answers, or extended reasoning on request.',
      ],
      ['Claude-3.5-Sonnet', 100, ['Programming', 'AI'], 'A balance of speed and quality.'],
      ['Claude-3.5-Haiku', 30, ['AI', 'Utilities'], 'The fastest Claude.'],
      ['Claude-3-Opus', 1500, ['Creative writing', 'AI'], 'Writes long, careful texts.'],
    ],
  ],
  [
    'Together AI',
    [
      ['DeepSeek-R1', 120, ['Reasoning', 'Popular'], 'An open reasoning model, strong in mathematics and code.'],
      ['DeepSeek-V3', 40, ['Programming', 'AI'], "DeepSeek's open model for general tasks."],
      ['DeepSeek-R1-Distill', 20, ['Reasoning'], 'A smaller model distilled from DeepSeek-R1.'],
      ['DeepSeek-V3-FW', 45, ['AI'], 'DeepSeek-V3, hosted by another provider.'],
      ['DeepSeek-R1-FW', 150, ['Reasoning', 'Mind'], 'DeepSeek-R1, hosted by another provider.'],
      ['Llama-3.3-70B', 12, ['AI', 'Popular'], "Meta's open model."],
      ['Llama-3.1-405B', 130, ['AI', 'Text analysis'], "Meta's largest open model."],
      ['Qwen-2.5-Coder-32B', 15, ['Programming'], 'Writes and fixes code in many languages.'],
      ['QwQ-32B-T', 40, ['Reasoning'], 'Long reasoning at a low price.'],
      ['Mixtral8x22b-Inst-FW', 30, ['AI'], 'A mixture-of-experts model.'],
    ],
  ],
  [
    'xAI',
    [
      ['Grok-2', 240, ['AI', 'Funny'], 'Witty answers.'],
      ['Mistral-Large-2', 170, ['AI', 'Translation'], "Mistral's multilingual model."],
      ['Mistral-Small-3', 8, ['Utilities'], 'A small, quick model.'],
      ['Command-R-Plus', 180, ['Search', 'Professional'], 'Made for work with documents.'],
      ['Reka-Core', 200, ['AI', 'Audio and video'], 'Understands images, audio and video.'],
    ],
  ],
  [
    'several providers',
    [
      ['FLUX-pro-1.1', 1100, ['Image generation', 'Featured'], 'Photorealistic images.'],
      ['FLUX-schnell', 80, ['Image generation'], 'Images in a second.'],
      ['StableDiffusion3.5-L', 1600, ['Image generation'], 'An open image model.'],
      ['Ideogram-v2', 1500, ['Image generation'], 'Images that contain text.'],
      ['Playground-v3', 60, ['Image generation'], 'Images for posters and cards.'],
      ['Runway', 7500, ['Audio and video', 'Featured'], 'Short videos from a text or an image.'],
      ['Kling-Pro-v1.5', 9000, ['Audio and video'], 'Five-second videos.'],
      ['ElevenLabs', 200, ['Audio and video', 'Popular'], 'Reads a text aloud.'],
      ['Web-Search', 20, ['Search', 'Official'], 'Searches the web and summarizes the results.'],
    ],
  ],
];

const userBots: readonly (readonly [displayName: string, ...rest: Row])[] = [
  [
    'Translator Pro',
    'TranslatorPro',
    10,
    ['Translation', 'Utilities'],
    'Translates between a hundred languages and preserves the tone.',
  ],
  ['Grammar Doctor', 'GrammarDoctor', 8, ['Text analysis', 'Translation'], 'Corrects a text and explains why.'],
  ['Python Tutor', 'PythonTutor', 12, ['Programming', 'Learning'], 'Teaches Python one small step at a time.'],
  ['RegexHelper', 'RegexHelper', 9, ['Programming', 'Utilities'], 'Builds regular expressions and explains them.'],
  ['DungeonMaster', 'DungeonMaster', 18, ['Roleplay', 'Game Bots'], 'Leads you through caves, castles and riddles.'],
  ['DetectiveNoir', 'DetectiveNoir', 14, ['Roleplay', 'Creative writing'], 'Solve a case with a private detective.'],
  ['HaikuMaker', 'HaikuMaker', 4, ['Creative writing', 'Funny'], 'Haiku on any subject.'],
  ['PunMachine', 'PunMachine', 4, ['Funny'], 'Puns on any subject.'],
  [
    'ChessCoach',
    'ChessCoach',
    10,
    ['Game Bots', 'Hobbies', 'Learning'],
    'Analyzes your games and finds the turning point.',
  ],
  ['TicTacToe', 'TicTacToe', 2, ['Game Apps', 'Game Bots'], 'Plays tic-tac-toe.'],
  ['Sudoku-App', 'Sudoku-App', 2, ['Game Apps', 'Apps'], 'A new sudoku every day.'],
  ['Flashcards-App', 'Flashcards-App', 5, ['Apps', 'Learning'], 'Makes flash cards from your notes.'],
  ['Budget-App', 'Budget-App', 5, ['Apps', 'Utilities'], 'Shows where your money goes.'],
  [
    'CareerCoach',
    'CareerCoach',
    15,
    ['Advice', 'Professional'],
    'Interviews, cover letters and difficult conversations.',
  ],
  ['KitchenHelper', 'KitchenHelper', 7, ['Hobbies', 'Advice'], 'Recipes from what is in your fridge.'],
  ['GardenFriend', 'GardenFriend', 7, ['Hobbies'], 'When to sow and when to prune.'],
  ['CalmMind', 'CalmMind', 9, ['Mind', 'Advice'], 'Breathing exercises and better sleep.'],
  [
    'LegalSummary',
    'LegalSummary',
    25,
    ['Professional', 'Text analysis'],
    'Explains contracts in plain English. Not legal advice.',
  ],
  ['SQL-Wizard', 'SQL-Wizard', 11, ['Programming', 'Professional'], 'Questions in English, answers in SQL.'],
  ['HistoryTeacher', 'HistoryTeacher', 9, ['Learning', 'Mind'], 'Tells history as stories.'],
  ['SpanishFriend', 'SpanishFriend', 6, ['Learning', 'Translation'], 'Conversations in easy Spanish.'],
  ['StoryWeaver', 'StoryWeaver', 16, ['Creative writing', 'New'], 'Continues any story.'],
];

const sandboxBots: readonly (readonly [handle: string, price: number, description: string])[] = [
  ['Sandbox-Sums', 2, 'Does arithmetic, such as 2x2.'],
  ['Sandbox-Markdown', 2, 'Writes a long text with every kind of Markdown.'],
  ['Sandbox-Sample', 2, 'Writes a short text with a table, code and a formula.'],
  ['Sandbox-Slow', 2, 'Writes thirty words, one per second. Try to cancel it.'],
  ['Sandbox-Rewrite', 2, 'Shows its progress, then replaces it with an answer that it corrects once.'],
  ['Sandbox-Fails', 2, 'Starts to answer and fails.'],
  ['Sandbox-Broke', 1_000_000, 'Costs more points than you have.'],
  ['Sandbox-Insolvent', 2, 'Accepts the message, then fails for lack of points.'],
  ['Sandbox-Echo', 2, 'Repeats the message, byte for byte.'],
  ['Sandbox-Count', 2, 'Counts to the number in your message, or to five.'],
  ['Sandbox-Two', 2, 'Replies with two messages.'],
  ['Sandbox-Hostile', 2, 'Writes control sequences that a terminal must not receive.'],
  ['Sandbox-Image', 2, 'Replies with an image.'],
  ['Sandbox-App', 2, 'Writes two small web apps.'],
  ['Sandbox-Code', 2, 'Writes code in two languages.'],
  ['Sandbox-Files', 2, 'Lists the files it receives: name, media type, bytes, SHA-256.'],
  ['Sandbox-Parameters', 2, 'Shows the parameters it received.'],
  ['Sandbox-Json', 2, 'Describes a person in JSON: at first with a mistake, then without.'],
  ['Sandbox-Sources', 2, 'Names the sources of its answer, which are made up.'],
];

const assistant: Bot = {
  ...common(3002, 'Assistant'),
  model: 'capybara',
  description: 'A general-purpose assistant that picks a model for your question.',
  poweredBy: 'Powered by a team of models.',
  price: 15,
  categories: ['Official', 'Popular', 'For you'],
};

const claudeReasoning: Bot = {
  ...common(1026, 'Claude-3.7-Sonnet-Reasoning'),
  model: 'flannel_reasoning',
  pictureUrl: 'https://qph.cf2.poecdn.net/main-thumb-pb-1026-200-fvvsiofehkfrtswcutfmahqytzyfadsp.jpeg',
  description:
    "Anthropic's most intelligent model (with reasoning capabilities on by default). Claude 3.7 Sonnet is a hybrid reasoning model, producing near-instant responses or extended, step-by-step thinking. Recommended for complex math or coding problems. Supports a 200k token context window.",
  poweredBy: 'Powered by Anthropic.',
  price: 123,
  categories: ['Official', 'Reasoning', 'Popular'],
};

/** The base bot of scripts. It is not listed. */
export const interpreter: Bot = {
  ...common(4_209_681, 'Interpreter'),
  description: 'Runs Python.',
  poweredBy: null,
  price: 10,
  categories: [],
};

/** All bots, in the order in which the site lists them. */
export const bots: readonly Bot[] = [
  assistant,
  claudeReasoning,
  ...officialBots.flatMap(([maker, rows]) => rows.map((row) => ({maker, row}))).map(toOfficialBot),
  ...userBots.map(toUserBot),
  ...sandboxBots.map(toSandboxBot),
];

/** The bot of new chats if none is chosen. */
export const defaultBot: Bot = assistant;

function toOfficialBot({maker, row}: {maker: string; row: Row}, index: number): Bot {
  const [handle, price, categories, description] = row;
  return {
    ...common(1100 + index, handle),
    description,
    poweredBy: `Powered by ${maker}.`,
    price,
    categories: ['Official', ...categories],
  };
}

function toUserBot(
  [displayName, handle, price, categories, description]: (typeof userBots)[number],
  index: number,
): Bot {
  return {
    ...common(6_104_000 + index * 37, handle),
    displayName,
    description,
    poweredBy: 'Powered by GPT-4o-Mini.',
    tags: categories.includes('New') ? ['NEW'] : [],
    price,
    introduction: `Hello, I am ${displayName}.`,
    isMadeByUser: true,
    categories,
  };
}

function toSandboxBot([handle, price, description]: (typeof sandboxBots)[number], index: number): Bot {
  return {...common(9_000_000 + index, handle), description, poweredBy: null, tags: [], price, categories: ['New']};
}

function common(botId: number, handle: string) {
  return {
    botId,
    handle,
    displayName: handle,
    model: handle.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'),
    pictureUrl: `https://qph.cf2.poecdn.net/main-thumb-pb-${botId}-200-${pictureCode(handle)}.jpeg`,
    tags: ['OFFICIAL'],
    introduction: '',
    isMadeByUser: false,
    controls: controlsOf(handle),
  };
}

/** 32 letters, like the names of Poe's pictures. */
function pictureCode(seed: string): string {
  const shift = seededNumber(seed, 10);
  return seededCode(seed, 32).replaceAll(/\d/g, (digit) => 'qwxzvbnmfg'.charAt((Number(digit) + shift) % 10));
}
