import {readdirSync, renameSync, unlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import * as v from 'valibot';
import type {PendingMessage, UnfinishedMessage} from '../core/journal/journal.js';
import type {ReplyState} from '../core/reply.js';
import {readTextFile} from './files/read-file.js';
import {StoredChat, StoredId} from './stored-chat.js';

/*
 * Journal files: one per message, named `<time>-<id>.json`.
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
    const {reply, ...message} = v.parse(JournalFile, JSON.parse(readTextFile(join(folder, name))));
    return {...message, id: name, startedAt: timeOf(name), reply: reply ? toReply(reply) : null};
  } catch {
    return undefined;
  }
}

/** Writes a file in one step, so that it can be read at any time. @throws the system's error */
export function writeMessage(path: string, message: StoredMessage, reply: ReplyState | undefined): void {
  const temporary = `${path}.new`;
  writeFileSync(temporary, JSON.stringify({...message, reply: reply && toStored(reply)}), {mode: 0o600});
  renameSync(temporary, path);
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
