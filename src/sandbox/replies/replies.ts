import type {Bot} from '../world/bots.js';
import type {Attachment, Citation} from '../world/chat.js';
import {pictureFacts, picturePath} from './picture.js';
import {evaluateSum} from './sums.js';
import {personInJson} from './person-in-json.js';
import {apps, code, controlSequences, longMarkdown, script, shortMarkdown} from './texts.js';

/** An update of a bot's message. */
export interface ReplyUpdate {
  /** The delay before this update at pace 1. */
  readonly delayMs: number;
  /** The whole text so far. */
  readonly text: string;
  /** The final state, on the last update. Default: `complete`. */
  readonly state?: string;
  readonly stateText?: string;
  /** The message's files, on the last update. */
  readonly attachments?: readonly Attachment[];
  /** The sources that the bot names, on the last update. */
  readonly citations?: readonly Citation[];
}

/** A bot's reply: the updates of each message. Nearly all replies have one message. */
export interface Reply {
  readonly messages: readonly (readonly ReplyUpdate[])[];
  /** Suggested replies. */
  readonly suggestions: readonly string[];
}

export interface Question {
  readonly text: string;
  /** The message's number in the chat, counted from 1 after the last context break. */
  readonly number: number;
  readonly files: readonly Attachment[];
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The host of files. */
  readonly cdnUrl: string;
}

/** The reply of a bot. The same question always gets the same reply. */
export function replyTo(question: Question, bot: Bot): Reply {
  const special = specialBots[bot.handle];
  if (special) return {messages: special(question), suggestions: []};
  return {
    messages: [anyReply(question, bot)],
    suggestions: ['Tell me more.', 'Give me an example.', 'Make it shorter.'],
  };
}

/** What a bot without a special behavior replies: a person in JSON, a review of a diff, a script, a result, or what it received. */
function anyReply(question: Question, bot: Bot): readonly ReplyUpdate[] {
  const {text} = question;
  if (text.includes('JSON Schema')) return inPhrases(personInJson(2), 60);
  if (/^diff --git /m.test(text)) return inPhrases(review(text), 60);
  if (/\b(?:shell script|one-liner)\b/i.test(text)) return inLines(script, 40);
  return inPhrases(evaluateSum(text) ?? smallTalk(question, bot), 60);
}

/** The reply of a bot that the account cannot pay for. */
export const outOfPoints: Reply = {
  messages: [[{delayMs: 0, text: '', state: 'error_insufficient_fund'}]],
  suggestions: [],
};

const specialBots: Readonly<Record<string, (question: Question) => Reply['messages']>> = {
  'Sandbox-Sums': ({text}) => [inPhrases(evaluateSum(text) ?? 'Give me a calculation, such as 2x2.', 60)],
  'Sandbox-Markdown': () => [inLines(longMarkdown, 40)],
  'Sandbox-Sample': () => [inLines(shortMarkdown, 40)],
  'Sandbox-Slow': () => [cumulative(slowText.split(/(?= )/), 1000)],
  'Sandbox-Rewrite': () => [rewritten],
  'Sandbox-Fails': () => [
    [
      {delayMs: 60, text: 'I was about to'},
      {
        delayMs: 60,
        text: 'I was about to',
        state: 'error_bot_unavailable',
        stateText: 'The bot is not available right now.',
      },
    ],
  ],
  'Sandbox-Insolvent': () => [[{delayMs: 60, text: '', state: 'error_insufficient_fund'}]],
  'Sandbox-Echo': ({text}) => [cumulative(inFour(text), 30)],
  'Sandbox-Count': ({text}) => [cumulative(numbersTo(requestedCount(text)), 60)],
  'Sandbox-Two': () => [inPhrases('This is the first message.', 60), inPhrases('And this is the second one.', 60)],
  'Sandbox-Hostile': () => [inLines(controlSequences, 30)],
  'Sandbox-Image': ({cdnUrl}) => {
    const picture = {...pictureFacts, url: `${cdnUrl}${picturePath}?w=640&h=400`};
    return [
      [
        {delayMs: 60, text: 'Drawing…'},
        {delayMs: 120, text: `![A picture](${picture.url})`, attachments: [picture]},
      ],
    ];
  },
  'Sandbox-Sources': ({text}) => [
    [
      {delayMs: 60, text: 'Searching…'},
      {delayMs: 120, text: 'Two pages of the web agree [1][2].', citations: sources(text)},
    ],
  ],
  'Sandbox-App': () => [inLines(apps, 30)],
  'Sandbox-Code': () => [inLines(code, 30)],
  'Sandbox-Parameters': ({parameters}) => [cumulative([JSON.stringify(parameters)], 30)],
  'Sandbox-Json': ({number}) => [inPhrases(personInJson(number), 60)],
  'Sandbox-Files': ({files}) => [cumulative(files.length === 0 ? ['No files received.'] : files.map(fileLine), 30)],
};

/** Made up. */
const sources = (question: string): readonly Citation[] =>
  [1, 2].map((number) => ({
    title: `Source ${number}`,
    url: `https://source-${number}.example/${encodeURIComponent(question)}`,
    text: `What source ${number} says about ${question}`,
  }));

/** Describes the received files, so that the sender can compare them. */
const fileLine = ({name, mimeType, size, sha256}: Attachment, index: number): string =>
  `${index === 0 ? '' : '\n'}${[name, mimeType, size, sha256].join(', ')}`;

/** Thirty words. */
const slowText =
  'One word a second: this answer takes half a minute to write, which leaves plenty of time to cancel it long before ' +
  'the bot has written its very last word.';

const corrected =
  'The capital of Australia is Canberra. It was built for that purpose, and has been the capital since 1927.';
const wrong = corrected.replace('Canberra', 'Sydney');

const rewritten: readonly ReplyUpdate[] = [
  {delayMs: 60, text: 'Searching…'},
  {delayMs: 100, text: 'Searching… 3 results found'},
  {delayMs: 100, text: wrong.slice(0, 40)},
  {delayMs: 60, text: wrong.slice(0, 70)},
  {delayMs: 60, text: corrected.slice(0, 80)},
  {delayMs: 60, text: corrected},
];

/** Updates that each add a piece. */
function cumulative(pieces: readonly string[], delayMs: number): readonly ReplyUpdate[] {
  let text = '';
  return pieces.map((piece) => ({delayMs, text: (text += piece)}));
}

/** Updates that each add a line. */
const inLines = (text: string, delayMs: number): readonly ReplyUpdate[] => cumulative(text.split(/(?<=\n)/), delayMs);

/** Updates that each add up to three words. */
const inPhrases = (text: string, delayMs: number): readonly ReplyUpdate[] =>
  cumulative(text.match(/(?:\s*\S+){1,3}\s*$|(?:\s*\S+){1,3}/g) ?? [text], delayMs);

/** Up to four pieces of a text, split between characters. */
function inFour(text: string): readonly string[] {
  const characters = [...text];
  const size = Math.max(1, Math.ceil(characters.length / 4));
  const starts = [0, size, size * 2, size * 3].filter((start) => start === 0 || start < characters.length);
  return starts.map((start) => characters.slice(start, start + size).join(''));
}

const requestedCount = (text: string): number => Math.min(Number(/\d{1,4}/.exec(text)?.[0] ?? 5), 1000) || 5;

const numbersTo = (last: number): readonly string[] =>
  Array.from({length: last}, (_, index) => (index === 0 ? '1' : ` ${index + 1}`));

/** Counts what a diff changes. */
function review(diff: string): string {
  const count = (pattern: RegExp) => diff.match(pattern)?.length ?? 0;
  const [files, added, removed] = [count(/^diff --git /gm), count(/^\+(?!\+\+ )/gm), count(/^-(?!-- )/gm)];
  return `I see ${files} changed ${files === 1 ? 'file' : 'files'}, with ${added} lines added and ${removed} removed. The sandbox finds no fault in them.`;
}

function smallTalk({text, number}: Question, bot: Bot): string {
  const start = [...text.trim().replaceAll(/\s+/g, ' ')];
  const quote = start.length > 40 ? `${start.slice(0, 40).join('').trimEnd()}…` : start.join('');
  const which = number === 1 ? 'the first message' : `message ${number}`;
  return `You wrote “${quote}”, ${which} of this chat. I am ${bot.displayName} in the sandbox, and I can do arithmetic: try 2x2.`;
}
