import {randomUUID} from 'node:crypto';
import {readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import * as v from 'valibot';
import type {Journal, JournalEntry, PendingMessage, UnfinishedMessage} from '../core/journal.js';
import type {Log} from '../core/log.js';
import type {Chat} from '../core/model.js';
import type {ReplyState} from '../core/reply.js';
import {StoredChat} from './stored-chat.js';
import {defaultFolder, makePrivateFolder} from './folder.js';
import type {LastChatFile} from './last-chat.js';

/** What is lost of a reply when the program is killed. */
const writeEveryMs = 250;
/** Of more messages than these, and of more text than this, nothing is kept. */
const mostEntries = 20;
const mostText = 1_000_000;

interface JournalOptions {
  folder: string;
  /** The address of Poe; messages that went elsewhere are none of ours. */
  site: string;
  isSameDeployment: (one: string, other: string) => boolean;
  /** The chat this profile used last. */
  last: Pick<LastChatFile, 'read'>;
  log: Log;
}

/** Beside the settings, one for each profile. A profile's name may be `..`. */
export const journalFolder = (profile: string, dir = defaultFolder()): string =>
  join(resolve(dir), 'journal', profile.replaceAll('.', '%2E'));

/** A journal that is a small file for each message, which only its owner can read and which goes when the reply is whole. */
export function openJournal({folder, site, isSameDeployment: isSameHome, last, log}: JournalOptions): Journal {
  const unfinished = () =>
    namesIn(folder).flatMap((name) => {
      const kept = read(folder, name);
      return kept && isSameHome(kept.site, site) ? kept : [];
    });
  const drop: Journal['drop'] = ({id}) => remove(join(folder, id));
  const forget: Journal['forget'] = (chat) => {
    const gone = chat === 'all' ? namesIn(folder).map((id) => ({id})) : unfinished().filter((kept) => isIn(chat, kept));
    for (const kept of gone) drop(kept);
  };
  const begin: Journal['begin'] = (sending) => {
    const before = [Date.parse(last.read()?.at ?? '') || 0, leftAtIn(namesIn(folder)[0] ?? '')];
    const leftAt = Math.max(Date.now(), ...before.map((ms) => ms + 1));
    return new Entry(folder, `${leftAt}-${randomUUID()}.json`, {...sending, site}, log, forget);
  };
  return {begin, unfinished, drop, forget};
}

const isIn = (
  {chatId, chatCode}: Partial<Pick<Chat, 'chatId' | 'chatCode'>>,
  {reply, ...sending}: UnfinishedMessage,
) =>
  chatId === undefined
    ? chatCode !== null && reply?.chat.chatCode === chatCode
    : (reply?.chat.chatId ?? sending.chatId) === chatId;

class Entry implements JournalEntry {
  readonly #path: string;
  readonly #sending: PendingMessage & {site: string};
  readonly #log: Log;
  readonly #forget: Journal['forget'];
  #isStuck = false;
  #reply: ReplyState | undefined;
  #isWritten = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    folder: string,
    id: string,
    sending: PendingMessage & {site: string},
    log: Log,
    forget: Journal['forget'],
  ) {
    this.#path = join(folder, id);
    this.#sending = sending;
    this.#log = log;
    this.#forget = forget;
    this.#try(() => {
      makePrivateFolder(folder);
      for (const name of namesIn(folder).slice(mostEntries - 1)) remove(join(folder, name));
    });
    this.#write();
  }

  keep(reply: ReplyState): void {
    const isFirst = this.#reply === undefined;
    this.#reply = reply;
    this.#isWritten = false;
    if (isFirst) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), writeEveryMs).unref();
  }

  leave(): void {
    if (!this.#isWritten) this.#write();
  }

  done(): void {
    clearTimeout(this.#timer);
    this.#isStuck = true;
    remove(this.#path);
    // What was lost in this chat before stands before this reply now.
    if (this.#reply) this.#forget(this.#reply.chat);
  }

  /** In one piece, so that it can be read at any moment. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isWritten = true;
    this.#try(() => {
      const beside = `${this.#path}.new`;
      writeFileSync(beside, JSON.stringify({...this.#sending, reply: this.#reply && shortened(this.#reply)}), {
        mode: 0o600,
      });
      renameSync(beside, this.#path);
    });
  }

  #try(work: () => void): void {
    if (this.#isStuck) return;
    try {
      work();
    } catch (error) {
      this.#isStuck = true;
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      this.#log({what: 'journal', status: `cannot be written (${code})`});
    }
  }
}

/** What cannot be removed stays. */
function remove(path: string): void {
  try {
    rmSync(path, {force: true});
  } catch {
    // It is passed over when it is found again, or found on Poe.
  }
}

/** Newest first; a file that was being written when its program was killed is among them. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted((a, b) => leftAtIn(b) - leftAtIn(a));
  } catch {
    return [];
  }
}

const leftAtIn = (id: string): number => Number.parseInt(id, 10) || 0;

const shortened = ({text, state, bot, chat, userMessage, botMessage, via}: ReplyState) => ({
  text: text.slice(0, mostText),
  state,
  bot,
  chat,
  userMessage,
  botMessage,
  via,
});

const textOrNull = v.nullable(v.string());
const numberOrNull = v.nullable(v.number());

const Kept = v.object({
  clientNonce: textOrNull,
  chatId: numberOrNull,
  bot: v.string(),
  sentAt: v.pipe(v.string(), v.isoTimestamp()),
  site: v.string(),
  reply: v.optional(
    v.object({
      text: v.string(),
      state: v.string(),
      bot: v.string(),
      chat: StoredChat,
      userMessage: v.object({messageId: numberOrNull}),
      botMessage: v.object({messageId: numberOrNull, messageCode: textOrNull}),
      via: v.picklist(['web', 'api']),
    }),
  ),
});

/** Undefined where there is nothing, or nothing that can be understood. */
function read(folder: string, id: string): (UnfinishedMessage & {site: string}) | undefined {
  try {
    const {reply, ...sending} = v.parse(Kept, JSON.parse(readFileSync(join(folder, id), 'utf8')));
    return {...sending, id, leftAt: leftAtIn(id), reply: reply ? {...reply, ...untold} : null};
  } catch {
    return undefined;
  }
}

const untold = {attachments: [], suggestedReplies: [], points: {cost: null, balance: null}};
