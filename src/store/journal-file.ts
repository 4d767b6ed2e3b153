import {appendFileSync, existsSync, readdirSync, renameSync, unlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import * as v from 'valibot';
import type {PendingMessage, UnfinishedMessage} from '../core/journal/journal.js';
import type {ReplyState} from '../core/reply.js';
import {readTextFile} from './files/read-file.js';
import {StoredChat, StoredId} from './stored-chat.js';

/*
 * Journal files: one per message, named `<time>-<id>.jsonl`. The first line is the message with its reply; each further line is a
 * JSON string with the text that followed.
 */

/** Longer replies are stored only up to this many UTF-16 code units. */
const maxTextLength = 1_000_000;

/** A message with the base URL of its site. */
export type StoredMessage = PendingMessage & {site: string};

/** The names of the files, newest first. Temporary files of a killed program are among them. */
export function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted((a, b) => timeOf(b) - timeOf(a));
  } catch {
    return [];
  }
}

/** The time in a file's name, in milliseconds; 0 if it has none. */
export const timeOf = (name: string): number => Number.parseInt(name, 10) || 0;

/** Reads a file; undefined if it does not exist or is damaged. */
export function readMessage(folder: string, name: string): (UnfinishedMessage & {site: string}) | undefined {
  try {
    const [first = '', ...added] = readTextFile(join(folder, name)).split('\n');
    const {reply, ...message} = v.parse(JournalFile, JSON.parse(first));
    const complete = reply && {...reply, text: reply.text + joinAdded(added)};
    return {...message, id: name, startedAt: timeOf(name), reply: complete ? toReply(complete) : null};
  } catch {
    return undefined;
  }
}

/** The text of the lines after the first one. A program that was killed may have left half of the last line. */
function joinAdded(lines: readonly string[]): string {
  const texts: string[] = [];
  for (const line of lines) {
    try {
      texts.push(v.parse(v.string(), JSON.parse(line)));
    } catch {
      break;
    }
  }
  return texts.join('');
}

/** Writes the file of a message, which can be read at any time. While the reply only grows, only the new text is written. */
export class JournalWriter {
  readonly #path: string;
  readonly #message: StoredMessage;
  /** What the file has of the reply: all but its text as JSON, and the text. Undefined if no more of the text is stored. */
  #rest = '';
  #text: string | undefined;

  constructor(path: string, message: StoredMessage) {
    this.#path = path;
    this.#message = message;
  }

  /** @throws the system's error */
  write(reply: ReplyState | undefined): void {
    const stored = reply && toStored(reply);
    const rest = JSON.stringify({...stored, text: undefined});
    if (stored === undefined || rest !== this.#rest) this.#replace(stored);
    else if (this.#text === undefined) return;
    else if (stored.text.slice(0, this.#text.length) !== this.#text) this.#replace(stored);
    else if (stored.text.length > this.#text.length && !this.#append(stored.text.slice(this.#text.length)))
      this.#replace(stored);
    this.#rest = rest;
    // A part of a longer text would keep all of it in memory.
    this.#text = reply && reply.text.length < maxTextLength ? reply.text : undefined;
  }

  #replace(reply: StoredReply | undefined): void {
    const temporary = `${this.#path}.new`;
    writeFileSync(temporary, `${JSON.stringify({...this.#message, reply})}\n`, {mode: 0o600});
    renameSync(temporary, this.#path);
  }

  /** @returns false if there is no file: another process has removed it */
  #append(text: string): boolean {
    if (!existsSync(this.#path)) return false;
    appendFileSync(this.#path, `${JSON.stringify(text)}\n`, {mode: 0o600});
    return true;
  }
}

/** Deletes a file. A file that cannot be deleted is ignored. */
export function deleteFile(path: string): void {
  try {
    // `rmSync` would load a module of Node.
    unlinkSync(path);
  } catch {
    // It does not exist any more. Otherwise, when it is found later, its message turns out to be complete on Poe.
  }
}

type StoredReply = ReturnType<typeof toStored>;

const toStored = ({text, state, bot, chat, userMessage, botMessage, via, job}: ReplyState) => ({
  text: text.slice(0, maxTextLength),
  state,
  bot,
  chat,
  userMessage,
  botMessage,
  via,
  job,
});

/** The parts of a reply that the journal does not store. */
const notStored = {attachments: [], suggestedReplies: [], points: {cost: null, balance: null}};

const textOrNull = v.nullable(v.string());

const JournalFile = v.object({
  clientNonce: textOrNull,
  chatId: v.nullable(StoredId),
  bot: v.string(),
  sentAt: v.pipe(v.string(), v.isoTimestamp()),
  site: v.string(),
  reply: v.optional(
    v.object({
      text: v.string(),
      state: v.fallback(v.picklist(['incomplete', 'complete', 'cancelled', 'failed']), 'incomplete'),
      bot: v.string(),
      chat: StoredChat,
      userMessage: v.object({messageId: v.nullable(StoredId)}),
      botMessage: v.object({messageId: v.nullable(StoredId), messageCode: textOrNull}),
      via: v.picklist(['web', 'api']),
      job: v.optional(
        v.object({
          id: v.string(),
          status: v.picklist(['queued', 'in_progress', 'completed', 'failed']),
          percent: v.nullable(v.number()),
          expiresAt: textOrNull,
        }),
      ),
    }),
  ),
});

const toReply = ({job, ...reply}: NonNullable<v.InferOutput<typeof JournalFile>['reply']>): ReplyState => ({
  ...reply,
  ...notStored,
  ...(job && {job}),
});
