import {join, resolve} from 'node:path';
import process from 'node:process';
import type {Journal, JournalEntry, UnfinishedMessage} from '../core/journal/journal.js';
import type {Log} from '../core/log/log.js';
import type {Chat} from '../core/model.js';
import type {ReplyState} from '../core/reply.js';
import {defaultConfigFolder, makePrivateFolder} from './files/folder.js';
import {isRunning} from './files/lock.js';
import {uniqueName} from './files/unique-name.js';
import {deleteFile, JournalWriter, listFiles, readMessage, type StoredMessage, timeOf} from './journal-file.js';
import type {LastChatFile} from './last-chat.js';

/** How much of a reply is lost if the program is killed. */
const writeIntervalMs = 250;
/** Older files are deleted, except for those of replies that are arriving. */
const maxFiles = 20;
/** The files of replies that are arriving in this process. */
const arriving = new Set<string>();

interface JournalOptions {
  folder: string;
  /** The base URL of Poe. Messages sent to other sites are ignored. */
  site: string;
  isSameDeployment: (one: string, other: string) => boolean;
  /** The profile's last chat. */
  last: Pick<LastChatFile, 'read'>;
  log: Log;
}

/** The folder of a profile's journal. */
export const journalFolder = (profile: string, dir = defaultConfigFolder()): string =>
  // A profile may be named `..`.
  join(resolve(dir), 'journal', profile.replaceAll('.', '%2E'));

/** A journal with one file per message, which only its owner can read and which is deleted when the reply is complete. */
export function openJournal({folder, site, isSameDeployment, last, log}: JournalOptions): Journal {
  const unfinished = () =>
    listFiles(folder).flatMap((name) => {
      const message = readMessage(folder, name);
      return message && isSameDeployment(message.site, site) ? message : [];
    });
  const remove: Journal['remove'] = ({id}) => deleteFile(join(folder, id));
  const removeChat: Journal['removeChat'] = (chat) => {
    const obsolete =
      chat === 'all'
        ? listFiles(folder).map((id) => ({id}))
        : unfinished().filter((message) => belongsTo(chat, message));
    for (const message of obsolete) remove(message);
  };
  const add: Journal['add'] = (message) => {
    // Later than everything before, even if the clock was set back.
    const previous = [Date.parse(last.read()?.at ?? '') || 0, timeOf(listFiles(folder)[0] ?? '')];
    const time = Math.max(Date.now(), ...previous.map((ms) => ms + 1));
    return new Entry({folder, name: `${time}-${uniqueName()}.jsonl`, message: {...message, site}, log, removeChat});
  };
  return {add, unfinished, remove, removeChat};
}

/** Deletes all but the newest files. */
function deleteOldest(folder: string): void {
  for (const name of listFiles(folder).slice(maxFiles - 1)) {
    const path = join(folder, name);
    const writer = writerOf(name);
    const isArriving = writer === process.pid ? arriving.has(path) : writer !== undefined && isRunning(writer);
    if (!isArriving) deleteFile(path);
  }
}

/** The process that wrote a file, by its name. */
function writerOf(name: string): number | undefined {
  const pid = /^\d+-([\da-z]+)-[\da-z]+\.jsonl$/.exec(name)?.[1];
  return pid === undefined ? undefined : Number.parseInt(pid, 36);
}

const belongsTo = (
  {chatId, chatCode}: Partial<Pick<Chat, 'chatId' | 'chatCode'>>,
  {reply, ...message}: UnfinishedMessage,
) =>
  chatId === undefined
    ? chatCode !== null && reply?.chat.chatCode === chatCode
    : (reply?.chat.chatId ?? message.chatId) === chatId;

interface EntryOptions {
  folder: string;
  name: string;
  message: StoredMessage;
  log: Log;
  removeChat: Journal['removeChat'];
}

/** The file of one message. A failure is logged once and ends the writing; it never fails the message. */
class Entry implements JournalEntry {
  readonly #path: string;
  readonly #writer: JournalWriter;
  readonly #log: Log;
  readonly #removeChat: Journal['removeChat'];
  #reply: ReplyState | undefined;
  #isWritten = false;
  /** No more writing: an attempt failed, or the file is deleted. */
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({folder, name, message, log, removeChat}: EntryOptions) {
    this.#path = join(folder, name);
    this.#writer = new JournalWriter(this.#path, message);
    this.#log = log;
    this.#removeChat = removeChat;
    this.#try(() => {
      makePrivateFolder(folder);
      deleteOldest(folder);
    });
    arriving.add(this.#path);
    this.#write();
  }

  update(reply: ReplyState): void {
    const isFirst = this.#reply === undefined;
    this.#reply = reply;
    this.#isWritten = false;
    if (isFirst) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), writeIntervalMs).unref();
  }

  flush(): void {
    arriving.delete(this.#path);
    if (!this.#isWritten) this.#write();
  }

  remove(): void {
    clearTimeout(this.#timer);
    this.#isClosed = true;
    arriving.delete(this.#path);
    deleteFile(this.#path);
    // Earlier unfinished replies in this chat no longer matter: this one follows them.
    if (this.#reply) this.#removeChat(this.#reply.chat);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isWritten = true;
    this.#try(() => this.#writer.write(this.#reply));
  }

  #try(work: () => void): void {
    if (this.#isClosed) return;
    try {
      work();
    } catch (error) {
      this.#isClosed = true;
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      this.#log({what: 'journal', status: `cannot be written (${code})`});
    }
  }
}
