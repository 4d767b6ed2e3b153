import type {Bot} from '../world/bots.js';
import type {Attachment} from '../world/chat.js';
import {apps, code} from './programs.js';
import {evaluateSum} from './sums.js';
import {markdown, nasty, sample} from './texts.js';

/** One update of a bot's message: the full text so far. */
export interface ReplyUpdate {
  /** How long before this update, at pace 1. */
  readonly waitMs: number;
  readonly text: string;
  /** The state it ends in, on the last beat; `complete` where nothing is said. */
  readonly state?: string;
  readonly stateText?: string;
  /** The files the message has, on the last beat. */
  readonly attachments?: readonly Attachment[];
}

/** What a bot writes: for each of its messages (nearly always one) the updates, at least one. */
export interface Reply {
  readonly messages: readonly (readonly ReplyUpdate[])[];
  /** What the user might say next. */
  readonly suggestions: readonly string[];
}

export interface Question {
  readonly text: string;
  /** How many messages the chat has since the bot last forgot what was before, this one among them. */
  readonly place: number;
  readonly files: readonly Attachment[];
}

/** What this bot answers to this question; always the same. */
export function replyOf(bot: Bot, question: Question): Reply {
  const write = special[bot.handle];
  if (write) return {messages: write(question), suggestions: []};
  return {
    messages: [typed(evaluateSum(question.text) ?? smallTalk(bot, question), 60)],
    suggestions: ['Tell me more.', 'Give me an example.', 'Say it shorter.'],
  };
}

const special: Readonly<Record<string, (question: Question) => readonly (readonly ReplyUpdate[])[]>> = {
  'Sandbox-Sums': ({text}) => [typed(evaluateSum(text) ?? 'Ask me a sum, such as 2x2.', 60)],
  'Sandbox-Markdown': () => [grown(markdown.split(/(?<=\n)/), 40)],
  'Sandbox-Sample': () => [grown(sample.split(/(?<=\n)/), 40)],
  'Sandbox-Slow': () => [grown(slowWords, 1000)],
  'Sandbox-Rewrite': () => [rewritten],
  'Sandbox-Fails': () => [
    [
      {waitMs: 60, text: 'I was about to'},
      {
        waitMs: 60,
        text: 'I was about to',
        state: 'error_bot_unavailable',
        stateText: 'The bot is not available right now.',
      },
    ],
  ],
  'Sandbox-Insolvent': () => [[{waitMs: 60, text: '', state: 'error_insufficient_fund'}]],
  'Sandbox-Echo': ({text}) => [grown(inFour(text), 30)],
  'Sandbox-Count': ({text}) => [grown(numbersTo(countAsked(text)), 60)],
  'Sandbox-Two': () => [typed('This is the first message.', 60), typed('And this is the second one.', 60)],
  'Sandbox-Nasty': () => [grown(nasty.split(/(?<=\n)/), 30)],
  'Sandbox-Image': () => [
    [
      {waitMs: 60, text: 'Drawing…'},
      {waitMs: 120, text: `![A picture](${picture.url})`, attachments: [picture]},
    ],
  ],
  'Sandbox-App': () => [grown(apps.split(/(?<=\n)/), 30)],
  'Sandbox-Code': () => [grown(code.split(/(?<=\n)/), 30)],
  'Sandbox-Files': ({files}) => [grown(files.length === 0 ? ['No files came.'] : files.map(lineOf), 30)],
};

/** What a file was when it came, so that its sender can compare. */
const lineOf = ({name, mimeType, size, sha256}: Attachment, index: number): string =>
  `${index === 0 ? '' : '\n'}${[name, mimeType, size, sha256].join(', ')}`;

const picture = {
  name: 'picture.png',
  url: 'https://pfst.cf2.poecdn.net/base/image/sandbox-picture.png?w=1024&h=768',
  mimeType: 'image/png',
  size: 48_213,
};

const slowWords = [
  'One', ' word', ' a', ' second:', ' this', ' answer', ' takes', ' half', ' a', ' minute', ' to', ' write,', ' so', ' that',
  ' there', ' is', ' time', ' enough', ' to', ' stop', ' it', ' long', ' before', ' it', ' comes', ' to', ' its', ' very',
  ' last', ' word.',
]; // prettier-ignore

const found =
  'The capital of Australia is Canberra. It was built for that purpose, and has been the capital since 1927.';
const wrong = found.replace('Canberra', 'Sydney');

const rewritten: readonly ReplyUpdate[] = [
  {waitMs: 60, text: 'Searching…'},
  {waitMs: 100, text: 'Searching… 3 results found'},
  {waitMs: 100, text: wrong.slice(0, 40)},
  {waitMs: 60, text: wrong.slice(0, 70)},
  {waitMs: 60, text: found.slice(0, 80)},
  {waitMs: 60, text: found},
];

/** Beats in which each piece is added to those before. */
const grown = (pieces: readonly string[], waitMs: number): readonly ReplyUpdate[] => {
  let text = '';
  return pieces.map((piece) => ({waitMs, text: (text += piece)}));
};

/** Beats in which a short text grows by a few words. */
const typed = (text: string, waitMs: number): readonly ReplyUpdate[] =>
  grown(text.match(/(?:\s*\S+){1,3}\s*$|(?:\s*\S+){1,3}/g) ?? [text], waitMs);

/** A text in four pieces or fewer, none of which parts a character in two. */
function inFour(text: string): readonly string[] {
  const characters = [...text];
  const size = Math.max(1, Math.ceil(characters.length / 4));
  const starts = [0, size, size * 2, size * 3].filter((start) => start === 0 || start < characters.length);
  return starts.map((start) => characters.slice(start, start + size).join(''));
}

const countAsked = (text: string): number => Math.min(Number(/\d{1,4}/.exec(text)?.[0] ?? 5), 1000) || 5;

const numbersTo = (last: number): readonly string[] =>
  Array.from({length: last}, (_, index) => (index === 0 ? '1' : ` ${index + 1}`));

function smallTalk(bot: Bot, {text, place}: Question): string {
  const start = [...text.trim().replaceAll(/\s+/g, ' ')];
  const quoted = start.length > 40 ? `${start.slice(0, 40).join('').trimEnd()}…` : start.join('');
  const which = place === 1 ? 'the first message' : `message ${place}`;
  return `You wrote “${quoted}”, ${which} of this chat. I am ${bot.displayName} of the sandbox, and what I do well is sums: try 2x2.`;
}
