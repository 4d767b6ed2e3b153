import {existsSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {PoeError} from '../../core/errors.js';
import type {Chat, Message} from '../../core/model.js';
import {mayGrow} from '../../core/message.js';
import {fileName} from '../../output/format/file-names.js';
import {withFrontMatter} from '../../output/transcript/front-matter.js';
import {indexPage} from '../../output/transcript/index-page.js';
import {titleOf} from '../../output/transcript/labels.js';
import {transcript, type TranscriptFormat} from '../../output/transcript/transcript.js';
import {writeAtomically} from '../../store/files/atomic-write.js';
import {makePrivateFolder} from '../../store/files/folder.js';
import {attempt, copyFiles, type StoredFiles} from './copy-files.js';
import {type ExportedChats, type ExportManifest, manifestName, readManifest} from './export-manifest.js';

interface FilesToExport {
  /** The images of a web page, as `data:` URLs by their URL; undefined: it links to them. */
  images: ReadonlyMap<string, string> | undefined;
  /** The files to copy. */
  stored: StoredFiles;
}

const filesName = 'files';
/** If the program is killed, at most so many chats have to be read again. */
const chatsBeforeSave = 50;

/** A folder with a file for each exported chat, and an index. */
export class ExportFolder {
  readonly #path: string;
  readonly #format: TranscriptFormat;
  readonly #hasImages: boolean;
  readonly #manifest: ExportManifest | undefined;
  readonly #chats: Map<string, ExportedChats[string]>;
  #unsaved = 0;

  /**
   * Creates the folder.
   * @param options.hasImages whether web pages contain images
   * @throws PoeError `file`, also if it has an index that poe did not write
   */
  constructor(path: string, {format, hasImages}: {format: TranscriptFormat; hasImages: boolean}) {
    this.#path = path;
    this.#format = format;
    this.#hasImages = hasImages;
    attempt(path, () => makePrivateFolder(resolve(path)));
    this.#manifest = readManifest(join(path, manifestName));
    const known = this.#manifest?.[format];
    if (!known && existsSync(join(path, this.#indexName))) {
      throw new PoeError('file', `${path} has an ${this.#indexName} that poe did not write`, {
        hint: 'Choose another folder.',
      });
    }
    this.#chats = new Map(Object.entries(known ?? {}));
  }

  /**
   * Whether the chat is in the folder as it is now.
   * @param hasFile whether there is a copy of a file now
   */
  isCurrent(chat: Chat, hasFile: (url: string) => boolean): boolean {
    const known = this.#chats.get(keyOf(chat));
    return (
      known !== undefined &&
      // Poe may not count the end of a reply as a use of the chat.
      !known.isUnfinished &&
      known.lastInteractionTime !== null &&
      known.lastInteractionTime === chat.lastInteractionTime &&
      known.title === chat.title &&
      known.bot === chat.bot &&
      (known.isWithoutImages ?? false) !== this.#hasImages &&
      !known.missingFiles?.some(hasFile) &&
      existsSync(join(this.#path, known.file))
    );
  }

  /**
   * Writes a chat to its file.
   * @param messages oldest first
   * @returns whether the file was not the same before
   * @throws PoeError `file`
   */
  async write(chat: Chat, messages: readonly Message[], {images, stored}: FilesToExport): Promise<boolean> {
    const key = keyOf(chat);
    const {title, bot, lastInteractionTime} = chat;
    const file = this.#chats.get(key)?.file ?? `${slug(titleOf(chat))}-${key}.${this.#format}`;
    const copies = copyFiles(this.#path, filesName, stored.found);
    const text = await transcript(this.#format, chat, messages, {images, copies});
    const isChanged = this.#writeIfChanged(
      file,
      this.#format === 'md' ? withFrontMatter(text, chat, messages.length) : text,
    );
    const missing = stored.missing.length > 0 ? {missingFiles: [...stored.missing]} : {};
    const without = this.#hasImages ? {} : {isWithoutImages: true};
    const state = {isChanged, time: lastInteractionTime, now: Date.now()};
    const unfinished = messages.some((message) => mayGrow(message, state)) ? {isUnfinished: true} : {};
    this.#chats.set(key, {file, title, bot, lastInteractionTime, ...missing, ...without, ...unfinished});
    this.#unsaved += 1;
    if (this.#unsaved >= chatsBeforeSave) this.#saveManifest();
    return isChanged;
  }

  /** Writes the index, and what is needed to export only changes the next time. @throws PoeError `file` */
  finish(): void {
    this.#saveManifest();
    const chats = [...this.#chats].map(([chatCode, {file, title, bot, lastInteractionTime}]) => ({
      chatCode,
      file,
      title,
      bot,
      lastInteractionTime,
    }));
    const newestFirst = chats.toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
    this.#writeIfChanged(this.#indexName, indexPage(this.#format, newestFirst));
  }

  get #indexName(): string {
    return `index.${this.#format}`;
  }

  #saveManifest(): void {
    const manifest: ExportManifest = {...this.#manifest, [this.#format]: Object.fromEntries(this.#chats)};
    this.#writeIfChanged(manifestName, `${JSON.stringify(manifest, null, 2)}\n`);
    this.#unsaved = 0;
  }

  #writeIfChanged(name: string, text: string): boolean {
    const path = join(this.#path, name);
    return attempt(path, () => {
      if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
      writeAtomically(path, text);
      return true;
    });
  }
}

const timeOf = ({lastInteractionTime}: {lastInteractionTime: string | null}): string => lastInteractionTime ?? '';

const keyOf = ({chatCode, chatId}: Chat): string =>
  chatCode !== null && /^[\w-]+$/.test(chatCode) ? chatCode : String(chatId);

/** A title as a part of a file name. */
function slug(title: string): string {
  const words = title
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  return fileName(words.replace(/^-+/, '').slice(0, 50)).replace(/-+$/, '') || 'chat';
}
