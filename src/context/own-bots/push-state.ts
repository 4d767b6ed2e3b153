import {createHash} from 'node:crypto';
import {existsSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import * as v from 'valibot';
import {interruption, PoeError} from '../../core/errors.js';
import {type Id, parseId} from '../../core/names/id.js';
import {isSystemError, reasonOf} from '../../store/files/errors.js';
import {lock} from '../../store/files/lock.js';
import {readTextFile} from '../../store/files/read-file.js';
import {uniqueName} from '../../store/files/unique-name.js';

/**
 * What poe knows about the bot of a folder: which knowledge Poe has stored, and how the bot was when it was last pushed or pulled. It
 * contains no secrets and is meant to be committed with the folder.
 */
export interface PushState {
  /** The handle on Poe. It may differ from that in bot.yaml, if the bot is to be renamed. */
  handle: string | null;
  /** Settings that Poe showed after the last push or pull. Texts are replaced by their hashes. */
  seen: Readonly<Record<string, unknown>> | null;
  /** Settings that were sent last; Poe may have received them or not. */
  sent: Readonly<Record<string, unknown>> | null;
  knowledge: StoredKnowledge[];
}

/** A file of `knowledge/` that Poe has stored. */
export interface StoredKnowledge {
  name: string;
  id: Id;
  sha256: string;
  /** Whether the bot knows it. A push that was interrupted leaves sources that no bot knows. */
  isAttached: boolean;
  /** Files that it replaces. The bot may still know them, if the push was interrupted. */
  replaces?: readonly Id[] | undefined;
}

const settings = v.nullish(v.record(v.string(), v.unknown()), null);
const id = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform((value) => parseId(String(value))),
  v.custom<Id>((value) => value !== undefined),
);
const PushState = v.object({
  version: v.literal(1),
  handle: v.nullish(v.string(), null),
  seen: settings,
  sent: settings,
  knowledge: v.array(
    v.object({
      name: v.string(),
      id,
      sha256: v.string(),
      isAttached: v.boolean(),
      replaces: v.optional(v.array(id)),
    }),
  ),
});

/** The files of the state. That of a simulated Poe is separate, so that trying a folder changes nothing else. */
const stateFile = {poe: '.poe-bot.json', local: '.poe-bot.sandbox.json'};

export const noState: PushState = {handle: null, seen: null, sent: null, knowledge: []};

/** The state of a folder, and how to store it. */
export class PushStateFile {
  readonly path: string;

  /** @param isLocal whether Poe is simulated on this machine */
  constructor(folder: string, isLocal: boolean) {
    this.path = join(folder, isLocal ? stateFile.local : stateFile.poe);
  }

  /** @throws PoeError `file` */
  read(): PushState {
    try {
      const {version: _version, ...state} = v.parse(PushState, JSON.parse(readTextFile(this.path)));
      return state;
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return noState;
      if (!(error instanceof v.ValiError || error instanceof SyntaxError)) {
        throw new PoeError('file', `Cannot read ${this.path}: ${reasonOf(error)}`, {cause: error});
      }
      throw new PoeError('file', `${this.path} is damaged`, {
        hint: 'Restore it, for example with git. Without it, poe does not know which knowledge it has sent.',
        cause: error,
      });
    }
  }

  /** Replaces the file at once, so that a killed process leaves the old or the new state. @throws PoeError `file` */
  write(state: PushState): void {
    const temporary = `${this.path}.${uniqueName()}`;
    try {
      const knowledge = state.knowledge.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const text = `${JSON.stringify({version: 1, ...state, knowledge}, undefined, 2)}\n`;
      if (existsSync(this.path) && readTextFile(this.path) === text) return;
      writeFileSync(temporary, text, {flag: 'wx'});
      renameSync(temporary, this.path);
    } catch (error) {
      rmSync(temporary, {force: true});
      throw new PoeError('file', `Cannot write ${this.path}: ${reasonOf(error)}`, {cause: error});
    }
  }
}

/**
 * Lets no other push of a folder start, because both would send the same knowledge.
 * @returns a function that ends this
 * @throws PoeError `store` if another push is running; `file` if the folder cannot be written
 */
export async function lockFolder(
  folder: string,
  {signal, isLocalServer}: {signal: AbortSignal; isLocalServer: boolean},
): Promise<() => void> {
  const {path} = new PushStateFile(folder, isLocalServer);
  try {
    return await lock(`${path}.lock`, {maxAgeMs: 3_600_000, maxWaitMs: 300, signal});
  } catch (error) {
    if (signal.aborted) throw interruption(signal);
    if (error instanceof PoeError) {
      throw error.with({
        message: `Another push of ${folder} is running`,
        hint: `Try again. If no other poe is running, delete ${path}.lock.`,
      });
    }
    // Without the folder there is nothing to push, which is reported next.
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) return () => {};
    throw new PoeError('file', `Cannot write to ${folder}: ${reasonOf(error)}`, {cause: error});
  }
}

export const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Settings as the state stores them: long texts as hashes. */
export const storable = (settings: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, name === 'prompt' ? hashOfText(value) : value]),
  );

const hashOfText = (value: unknown): unknown =>
  typeof value === 'string' ? `sha256:${hashOf(plainText(value))}` : value;

/** A prompt as its file has it, without what editors change. */
export const plainText = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd();
