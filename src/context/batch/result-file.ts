import {
  createReadStream,
  createWriteStream,
  existsSync,
  ftruncateSync,
  closeSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {once} from 'node:events';
import {PoeError} from '../../core/errors.js';
import {AppendFile} from '../../store/files/append-file.js';
import {isSystemError, reasonOf} from '../../store/files/errors.js';
import {lock} from '../../store/files/lock.js';
import {linesOf, parseId, parseResult, resultStart} from './result-lines.js';

/**
 * The results of a batch, one on each line, and a second file with the IDs of the prompts that were sent. Together they show after a
 * kill which prompts may have been charged: these are not sent again.
 */
export class ResultFile {
  readonly #path: string;
  readonly #release: () => void;
  readonly #results: AppendFile;
  readonly #startedFile: AppendFile;
  /** The prompts of this run that have no result. */
  readonly #started = new Set<string>();
  /** The prompts that have a result from an earlier run, and those of them that failed. */
  readonly done = new Set<string>();
  readonly failed = new Set<string>();
  /** The prompts that an earlier run has sent, but whose result was lost with it. */
  readonly lost = new Set<string>();

  private constructor(path: string, release: () => void) {
    this.#path = path;
    this.#release = release;
    this.#results = new AppendFile(path);
    this.#startedFile = new AppendFile(`${path}.started`);
  }

  /**
   * Opens the file of an earlier run, or a new one.
   * @throws PoeError `store` if another process uses it, or the system refuses; `usage` if it has anything but results: it stays as it is
   */
  static async open(path: string): Promise<ResultFile> {
    // A batch may run for days. The lock of a process that has ended does not count.
    const release = await lock(`${path}.lock`, {maxAgeMs: Infinity, maxWaitMs: 500}).catch((error: unknown) => {
      throw fileError(error, path);
    });
    const file = new ResultFile(path, release);
    try {
      await file.#read();
      return file;
    } catch (error) {
      release();
      throw fileError(error, path);
    }
  }

  /** Records that a prompt is about to be sent. */
  start(id: string): void {
    this.#started.add(id);
    append(this.#startedFile, `${JSON.stringify(id)}\n`);
  }

  /** Adds a result. */
  add(line: {id: string; error: unknown}): void {
    append(this.#results, `${JSON.stringify(line)}\n`);
    this.lost.delete(line.id);
    this.#started.delete(line.id);
  }

  /** Forgets that a prompt was started: it was certainly not processed. */
  notSent(id: string): void {
    this.#started.delete(id);
  }

  /** Removes the results of the prompts that failed, so that they are sent again. */
  async removeFailed(): Promise<void> {
    if (this.failed.size === 0) return;
    const temporary = `${this.#path}.new`;
    const output = createWriteStream(temporary, {mode: 0o600});
    for await (const line of linesOf(this.#path)) {
      const id = parseResult(line)?.id;
      if (id !== undefined && this.failed.has(id)) continue;
      if (!output.write(`${line}\n`)) await once(output, 'drain');
    }
    output.end();
    await once(output, 'close');
    attempt(this.#path, () => renameSync(temporary, this.#path));
    this.#rewriteStarted([...this.lost]);
    for (const id of this.failed) this.done.delete(id);
    this.failed.clear();
  }

  /** Keeps the prompts that may have been charged but have no result. */
  close(): void {
    this.#results.close();
    this.#startedFile.close();
    const ids = [...this.lost, ...this.#started];
    if (ids.length === 0) rmSync(`${this.#path}.started`, {force: true});
    else this.#rewriteStarted(ids);
    this.#release();
  }

  async #read(): Promise<void> {
    if (existsSync(this.#path)) {
      const end = await this.#endOfLines();
      for await (const line of linesOf(this.#path, end)) {
        const result = parseResult(line);
        if (!result) throw noResults(this.#path);
        this.done.add(result.id);
        if (result.error === null) this.failed.delete(result.id);
        else this.failed.add(result.id);
      }
      // Only now is it known that the file is one of a batch.
      this.#cutAt(end);
    }
    if (!existsSync(`${this.#path}.started`)) return;
    for await (const line of linesOf(`${this.#path}.started`)) {
      const id = parseId(line);
      if (id !== undefined && !this.done.has(id)) this.lost.add(id);
    }
    // Without a part of a line at its end, to which the next one would be appended.
    this.#rewriteStarted([...this.lost]);
  }

  /** Where the last complete line ends. A program that is killed may leave a part of another one. */
  async #endOfLines(): Promise<number> {
    let [end, position, rest] = [0, 0, ''];
    for await (const chunk of createReadStream(this.#path) as AsyncIterable<Buffer>) {
      const at = chunk.lastIndexOf('\n');
      if (at >= 0) [end, rest] = [position + at + 1, ''];
      position += chunk.length;
      rest += chunk.toString('latin1', at + 1, at + 1 + resultStart.length);
    }
    if (!resultStart.startsWith(rest.slice(0, resultStart.length))) throw noResults(this.#path);
    return end;
  }

  #cutAt(end: number): void {
    const fd = openSync(this.#path, 'r+');
    ftruncateSync(fd, end);
    closeSync(fd);
  }

  #rewriteStarted(ids: readonly string[]): void {
    const path = `${this.#path}.started`;
    const temporary = `${path}.new`;
    attempt(path, () => {
      writeFileSync(temporary, ids.map((id) => `${JSON.stringify(id)}\n`).join(''), {mode: 0o600});
      renameSync(temporary, path);
    });
  }
}

const append = (file: AppendFile, text: string): void => attempt(file.path, () => file.append(text));

/** @throws PoeError `store` */
function attempt(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw fileError(error, path);
  }
}

/** An error of the system as a PoeError. */
function fileError(error: unknown, path: string): unknown {
  if (error instanceof PoeError || !(error instanceof Error && 'code' in error)) return error;
  const reason = isSystemError(error, 'ENOENT') ? 'its folder does not exist' : reasonOf(error);
  return new PoeError('store', `Could not write the results to ${path}: ${reason}`, {
    hint: 'Choose another file, or fix the problem and run the same command again.',
    cause: error,
  });
}

const noResults = (path: string): PoeError =>
  new PoeError('usage', `${path} contains lines that are not batch results`, {
    hint: 'Choose another file for the results. It is created if it does not exist.',
  });

/** The error of a prompt whose result was lost. */
export const lostResult = (): PoeError =>
  new PoeError('delivery_unknown', 'The batch was stopped before this reply was complete; it may have been charged');
