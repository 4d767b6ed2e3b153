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

/** A bot of the sandbox's world. */
export interface Bot {
  readonly botId: number;
  readonly handle: string;
  readonly displayName: string;
  /** The internal name, which the author of its messages is called by too. */
  readonly model: string;
  readonly pictureUrl: string;
  readonly description: string;
  readonly poweredBy: string | null;
  readonly tags: readonly string[];
  /** Points a message. */
  readonly price: number;
  readonly introduction: string;
  readonly isMadeByUser: boolean;
  readonly categories: readonly Category[];
}

type Row = readonly [handle: string, price: number, categories: readonly Category[], description: string];

const makers: readonly (readonly [maker: string, rows: readonly Row[]])[] = [
  [
    'Google',
    [
      ['gemini-2.0-flash', 5, ['Popular', 'For you', 'AI'], 'A quick model for everyday questions.'],
      [
        'Gemini-2.0-Pro',
        90,
        ['Reasoning', 'Programming'],
        'The strongest of the Gemini 2.0 models, for code and long documents.',
      ],
      ['Gemini-2.0-Flash-Lite', 3, ['AI', 'Utilities'], 'The smallest Gemini 2.0, for short tasks at a low price.'],
      ['Gemini-1.5-Pro', 70, ['AI', 'Text analysis'], 'Reads very long texts.'],
      ['Gemini-1.5-Flash-Search', 8, ['Search'], 'Answers from the web, with sources.'],
      ['Imagen3', 420, ['Image generation'], 'Pictures of high quality from a text.'],
      ['Gemma-2-27b-T', 10, ['AI'], 'An open model of Google.'],
    ],
  ],
  [
    'OpenAI',
    [
      ['GPT-4o', 240, ['Popular', 'Featured', 'AI'], 'A fast and able model for text and pictures.'],
      ['GPT-4o-Mini', 15, ['Popular', 'For you', 'AI'], 'A small model that is good value for simple tasks.'],
      ['GPT-4.5-Preview', 4200, ['Featured', 'Creative writing'], 'The largest model of OpenAI for chat.'],
      ['o1', 2700, ['Reasoning', 'Featured'], 'Thinks before it answers: hard mathematics and code.'],
      ['o3-mini', 260, ['Reasoning', 'Programming'], 'Reasons fast, above all about code and science.'],
      ['DALL-E-3', 1500, ['Image generation', 'Popular'], 'Draws what a sentence describes.'],
      ['GPT-4o-Search', 300, ['Search'], 'Looks things up before it answers.'],
    ],
  ],
  [
    'Anthropic',
    [
      [
        'Claude-3.7-Sonnet',
        100,
        ['Popular', 'Programming', 'For you'],
        'A hybrid model: quick answers, or long thoughts on request.',
      ],
      ['Claude-3.5-Sonnet', 100, ['Programming', 'AI'], 'A balance of speed and skill.'],
      ['Claude-3.5-Haiku', 30, ['AI', 'Utilities'], 'The fastest Claude.'],
      ['Claude-3-Opus', 1500, ['Creative writing', 'AI'], 'Writes long and careful texts.'],
    ],
  ],
  [
    'Together AI',
    [
      ['DeepSeek-R1', 120, ['Reasoning', 'Popular'], 'An open reasoning model, strong in mathematics and code.'],
      ['DeepSeek-V3', 40, ['Programming', 'AI'], 'An open model of DeepSeek for general tasks.'],
      ['DeepSeek-R1-Distill', 20, ['Reasoning'], 'A smaller model that learnt from DeepSeek-R1.'],
      ['DeepSeek-V3-FW', 45, ['AI'], 'DeepSeek-V3, served by another company.'],
      ['DeepSeek-R1-FW', 150, ['Reasoning', 'Mind'], 'DeepSeek-R1, served by another company.'],
      ['Llama-3.3-70B', 12, ['AI', 'Popular'], 'The open model of Meta.'],
      ['Llama-3.1-405B', 130, ['AI', 'Text analysis'], 'The largest open model of Meta.'],
      ['Qwen-2.5-Coder-32B', 15, ['Programming'], 'Writes and mends code in many languages.'],
      ['QwQ-32B-T', 40, ['Reasoning'], 'Reasons at length, at a low price.'],
      ['Mixtral8x22b-Inst-FW', 30, ['AI'], 'A mixture of eight experts.'],
    ],
  ],
  [
    'xAI',
    [
      ['Grok-2', 240, ['AI', 'Funny'], 'Answers with wit.'],
      ['Mistral-Large-2', 170, ['AI', 'Translation'], 'A model of Mistral that is at home in many languages.'],
      ['Mistral-Small-3', 8, ['Utilities'], 'A small and quick model.'],
      ['Command-R-Plus', 180, ['Search', 'Professional'], 'Made for work with documents.'],
      ['Reka-Core', 200, ['AI', 'Audio and video'], 'Understands pictures, sound and film.'],
    ],
  ],
  [
    'the makers of media',
    [
      ['FLUX-pro-1.1', 1100, ['Image generation', 'Featured'], 'Photographs that never were.'],
      ['FLUX-schnell', 80, ['Image generation'], 'Pictures in a second.'],
      ['StableDiffusion3.5-L', 1600, ['Image generation'], 'An open model for pictures.'],
      ['Ideogram-v2', 1500, ['Image generation'], 'Pictures with words in them.'],
      ['Playground-v3', 60, ['Image generation'], 'Pictures for posters and cards.'],
      ['Runway', 7500, ['Audio and video', 'Featured'], 'Short films from a text or a picture.'],
      ['Kling-Pro-v1.5', 9000, ['Audio and video'], 'Films of five seconds.'],
      ['ElevenLabs', 200, ['Audio and video', 'Popular'], 'Reads a text aloud.'],
      ['Web-Search', 20, ['Search', 'Official'], 'Searches the web and sums up what it found.'],
    ],
  ],
];

const userMade: readonly (readonly [displayName: string, ...rest: Row])[] = [
  [
    'Translator Pro',
    'TranslatorPro',
    10,
    ['Translation', 'Utilities'],
    'Translates between a hundred languages and keeps the tone.',
  ],
  ['Grammar Doctor', 'GrammarDoctor', 8, ['Text analysis', 'Translation'], 'Corrects a text and says why.'],
  ['Python Tutor', 'PythonTutor', 12, ['Programming', 'Learning'], 'Teaches Python one small step at a time.'],
  ['RegexHelper', 'RegexHelper', 9, ['Programming', 'Utilities'], 'Builds regular expressions and explains them.'],
  ['DungeonMaster', 'DungeonMaster', 18, ['Roleplay', 'Game Bots'], 'Leads you through caves, castles and riddles.'],
  [
    'DetectiveNoir',
    'DetectiveNoir',
    14,
    ['Roleplay', 'Creative writing'],
    'It was raining when you walked into its office.',
  ],
  ['HaikuMaker', 'HaikuMaker', 4, ['Creative writing', 'Funny'], 'Seventeen syllables on anything.'],
  ['PunMachine', 'PunMachine', 4, ['Funny'], 'Puns. You were warned.'],
  [
    'ChessCoach',
    'ChessCoach',
    10,
    ['Game Bots', 'Hobbies', 'Learning'],
    'Looks at your games and finds the turning point.',
  ],
  ['TicTacToe', 'TicTacToe', 2, ['Game Apps', 'Game Bots'], 'Plays noughts and crosses.'],
  ['Sudoku-App', 'Sudoku-App', 2, ['Game Apps', 'Apps'], 'A new sudoku every day.'],
  ['Flashcards-App', 'Flashcards-App', 5, ['Apps', 'Learning'], 'Makes flash cards of your notes.'],
  ['Budget-App', 'Budget-App', 5, ['Apps', 'Utilities'], 'Where did the money go?'],
  ['CareerCoach', 'CareerCoach', 15, ['Advice', 'Professional'], 'Interviews, letters and hard talks with the boss.'],
  ['KitchenHelper', 'KitchenHelper', 7, ['Hobbies', 'Advice'], 'Cooks with what is in the fridge.'],
  ['GardenFriend', 'GardenFriend', 7, ['Hobbies'], 'Knows when to sow and when to cut back.'],
  ['CalmMind', 'CalmMind', 9, ['Mind', 'Advice'], 'Breathing, sleep and small steps.'],
  ['LegalSummary', 'LegalSummary', 25, ['Professional', 'Text analysis'], 'Contracts in plain words. Not a lawyer.'],
  ['SQL-Wizard', 'SQL-Wizard', 11, ['Programming', 'Professional'], 'Questions in English, answers in SQL.'],
  ['HistoryTeacher', 'HistoryTeacher', 9, ['Learning', 'Mind'], 'Tells history as stories.'],
  ['SpanishFriend', 'SpanishFriend', 6, ['Learning', 'Translation'], 'Talks with you in easy Spanish.'],
  ['StoryWeaver', 'StoryWeaver', 16, ['Creative writing', 'New'], 'Goes on with any story.'],
];

const special: readonly (readonly [handle: string, price: number, description: string])[] = [
  ['Sandbox-Sums', 2, 'Works out sums such as 2x2.'],
  ['Sandbox-Markdown', 2, 'Writes a long text with every kind of Markdown.'],
  ['Sandbox-Sample', 2, 'Writes a short text with a table and code.'],
  ['Sandbox-Slow', 2, 'Writes thirty words, one a second: to be cancelled.'],
  ['Sandbox-Rewrite', 2, 'Shows its progress, then replaces it by the answer, which it corrects once.'],
  ['Sandbox-Fails', 2, 'Begins to answer and fails.'],
  ['Sandbox-Broke', 1_000_000, 'Costs more points than anybody has.'],
  ['Sandbox-Insolvent', 2, 'Takes the message, then says that the points do not suffice.'],
  ['Sandbox-Echo', 2, 'Repeats the message, byte for byte.'],
  ['Sandbox-Count', 2, 'Counts: "count to 7". Without a number, to five.'],
  ['Sandbox-Two', 2, 'Sends two messages for one.'],
  ['Sandbox-Nasty', 2, 'Writes control sequences that a terminal must not obey.'],
  ['Sandbox-Image', 2, 'Sends a picture.'],
  ['Sandbox-App', 2, 'Writes two small web apps.'],
  ['Sandbox-Code', 2, 'Writes two pieces of code, with words around them.'],
  ['Sandbox-Files', 2, 'Names the files it was sent: name, media type, bytes, SHA-256.'],
];

const assistant: Bot = {
  ...common(3002, 'Assistant'),
  model: 'capybara',
  description: 'A general-purpose assistant that knows which model suits your question.',
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

/** Every bot of the world, those that the site would show first in front. */
export const bots: readonly Bot[] = [
  assistant,
  claudeReasoning,
  ...makers.flatMap(([maker, rows]) => rows.map((row) => ({maker, row}))).map(officialBot),
  ...userMade.map(userMadeBot),
  ...special.map(specialBot),
];

/** The bot that answers where none was chosen. */
export const defaultBot: Bot = assistant;

function officialBot({maker, row}: {maker: string; row: Row}, index: number): Bot {
  const [handle, price, categories, description] = row;
  return {
    ...common(1100 + index, handle),
    description,
    poweredBy: `Powered by ${maker}.`,
    price,
    categories: ['Official', ...categories],
  };
}

function userMadeBot(
  [displayName, handle, price, categories, description]: (typeof userMade)[number],
  index: number,
): Bot {
  return {
    ...common(6_104_000 + index * 37, handle),
    displayName,
    description,
    poweredBy: 'Powered by GPT-4o-Mini.',
    tags: [],
    price,
    introduction: `Hello, I am ${displayName}.`,
    isMadeByUser: true,
    categories,
  };
}

function specialBot([handle, price, description]: (typeof special)[number], index: number): Bot {
  return {...common(9_000_000 + index, handle), description, poweredBy: null, tags: [], price, categories: ['New']};
}

function common(botId: number, handle: string) {
  return {
    botId,
    handle,
    displayName: handle,
    model: handle.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'),
    pictureUrl: `https://qph.cf2.poecdn.net/main-thumb-pb-${botId}-200-${letters(handle)}.jpeg`,
    tags: ['OFFICIAL'],
    introduction: '',
    isMadeByUser: false,
  };
}

/** Letters alone, as in the names of Poe's pictures. */
function letters(seed: string): string {
  const shift = seededNumber(seed, 10);
  return seededCode(seed, 32).replaceAll(/\d/g, (digit) => 'qwxzvbnmfg'.charAt((Number(digit) + shift) % 10));
}
