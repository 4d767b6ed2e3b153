import {basename, dirname, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import type {ScriptOptions} from '../../bot-server/script/messages.js';
import {checkScript} from './check-script.js';
import {FolderWatcher} from './folder-watcher.js';
import {type ScriptEvents, ScriptServer, type ServedScript} from './script-server.js';

export type {ServedScript} from './script-server.js';

export interface ServeScriptOptions extends Omit<ScriptOptions, 'script'>, ScriptEvents {
  /** Run the script again when a file in its folder changes. */
  watches: boolean;
  onListening: (served: ServedScript) => Promise<void>;
  signal: AbortSignal;
}

/** The time that replies have to end after Ctrl+C, and after a change of the script. */
const [stopMs, reloadMs] = [2_000, 60_000];

/**
 * Serves the bots of a script until the signal is aborted.
 * @throws PoeError `file`, `usage`; the system's error if the port cannot be used
 */
export async function serveScript(
  path: string,
  {watches, onListening, signal, onNote, onOutput, ...server}: ServeScriptOptions,
): Promise<void> {
  checkScript(path);
  const script = pathToFileURL(resolve(path)).href;
  const start = (port: number) => new ScriptServer(basename(path), {...server, script, port}, {onNote, onOutput});
  const stopped = aborted(signal);
  const watcher = watches ? new FolderWatcher(dirname(resolve(path))) : undefined;
  let current = start(server.port);
  try {
    if ((await Promise.race([stopped, current.load()])) === 'stopped') return;
    const served = await current.listen();
    await onListening(served);
    if (!watcher) return void (await Promise.race([stopped, current.failed]));
    // The port stays the same when the script changes.
    const port = Number(new URL(served.url).port);
    current.failed.catch((error: unknown) => onNote(messageOf(error)));
    while ((await Promise.race([stopped, watcher.next()])) === 'changed') {
      current = await reload(current, () => start(port), onNote);
    }
  } finally {
    watcher?.close();
    await current.close(stopMs);
  }
}

/** Runs a changed script in place of the old one. @returns the one that runs: the old one if the new one cannot be loaded */
async function reload(
  old: ScriptServer,
  start: () => ScriptServer,
  onNote: (text: string) => void,
): Promise<ScriptServer> {
  const next = start();
  try {
    await next.load();
    await old.release(reloadMs).catch(() => {});
    await next.listen();
  } catch (error) {
    onNote(messageOf(error));
    await next.terminate();
    return old;
  }
  void old.closed.then(() => old.terminate());
  next.failed.catch((error: unknown) => onNote(messageOf(error)));
  onNote('Loaded the script again.');
  return next;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const aborted = (signal: AbortSignal): Promise<'stopped'> =>
  new Promise((done) => {
    if (signal.aborted) done('stopped');
    signal.addEventListener('abort', () => done('stopped'), {once: true});
  });
