import {existsSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import * as v from 'valibot';
import type {Chat, Message} from '../core/model.js';
import {fileName} from '../output/format/file-names.js';
import {indexPage} from '../output/transcript/index-page.js';
import {withFrontMatter} from '../output/transcript/front-matter.js';
import {titleOf} from '../output/transcript/labels.js';
import {transcript, type TranscriptFormat} from '../output/transcript/transcript.js';
import {writeAtomically} from '../store/files/atomic-write.js';
import {makePrivateFolder} from '../store/files/folder.js';
import {attempt, copyFiles, type StoredFiles} from './copy-files.js';

/** What was exported, so that a chat keeps its file and is read again only after it has changed. */
const Manifest = v.object({
  format: v.string(),
  chats: v.record(
    v.string(),
    v.object({
      file: v.pipe(
        v.string(),
        v.check((name) => fileName(name) === name),
      ),
      title: v.nullable(v.string()),
      bot: v.nullable(v.string()),
      lastInteractionTime: v.nullable(v.string()),
      /** The URLs of files that the archive did not have. */
      missingFiles: v.optional(v.array(v.string())),
    }),
  ),
});
type Manifest = v.InferOutput<typeof Manifest>;
export type ExportedChat = Manifest['chats'][string] & {chatCode: string};

interface FilesToExport {
  images: ReadonlyMap<string, string> | undefined;
  stored: StoredFiles | undefined;
}

const manifestName = '.poe-export.json';

/** A folder with a file for each exported chat, and an index. */
export class ExportFolder {
  readonly #path: string;
  readonly #format: TranscriptFormat;
  readonly #chats: Map<string, Manifest['chats'][string]>;

  /** Creates the folder. @throws PoeError `file` */
  constructor(path: string, format: TranscriptFormat) {
    this.#path = path;
    this.#format = format;
    attempt(path, () => makePrivateFolder(resolve(path)));
    const manifest = readManifest(join(path, manifestName));
    this.#chats = new Map(manifest?.format === format ? Object.entries(manifest.chats) : []);
  }

  /**
   * Whether the chat is in the folder as it is now.
   * @param hasFile whether there is a copy of a file now
   */
  isCurrent(chat: Chat, hasFile: (url: string) => boolean): boolean {
    const known = this.#chats.get(keyOf(chat));
    return (
      known !== undefined &&
      known.lastInteractionTime !== null &&
      known.lastInteractionTime === chat.lastInteractionTime &&
      known.title === chat.title &&
      known.bot === chat.bot &&
      !known.missingFiles?.some(hasFile) &&
      existsSync(join(this.#path, known.file))
    );
  }

  /**
   * Writes a chat to its file.
   * @param messages oldest first
   * @param files the images of a web page, or the files to copy
   * @returns whether the file was not the same before
   * @throws PoeError `file`
   */
  async write(chat: Chat, messages: readonly Message[], {images, stored}: FilesToExport): Promise<boolean> {
    const key = keyOf(chat);
    const {title, bot, lastInteractionTime} = chat;
    const file = this.#chats.get(key)?.file ?? `${slug(titleOf(chat))}-${key}.${this.#format}`;
    const copies = stored && copyFiles(this.#path, stored.found);
    const text = await transcript(this.#format, chat, messages, {images, copies});
    const isChanged = this.#writeIfChanged(
      file,
      this.#format === 'md' ? withFrontMatter(text, chat, messages.length) : text,
    );
    const missing = stored && stored.missing.length > 0 ? {missingFiles: [...stored.missing]} : {};
    this.#chats.set(key, {file, title, bot, lastInteractionTime, ...missing});
    return isChanged;
  }

  /** Writes the index, and what is needed to export only changes the next time. @throws PoeError `file` */
  finish(): void {
    const manifest: Manifest = {format: this.#format, chats: Object.fromEntries(this.#chats)};
    this.#writeIfChanged(manifestName, `${JSON.stringify(manifest, null, 2)}\n`);
    const chats = [...this.#chats].map(([chatCode, chat]): ExportedChat => Object.assign({chatCode}, chat));
    const newestFirst = chats.toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
    this.#writeIfChanged(`index.${this.#format}`, indexPage(this.#format, newestFirst));
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

const timeOf = ({lastInteractionTime}: ExportedChat): string => lastInteractionTime ?? '';

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

/** A damaged manifest only means that everything is exported again. */
function readManifest(path: string): Manifest | undefined {
  try {
    const parsed = v.safeParse(Manifest, JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
