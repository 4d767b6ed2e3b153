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
import {createInterface} from 'node:readline';
import * as v from 'valibot';
import {PoeError} from '../../core/errors.js';
import {AppendFile} from '../../store/files/append-file.js';
import {attempt} from '../../store/files/errors.js';
import {lock} from '../../store/files/lock.js';

const Result = v.object({id: v.string(), error: v.nullish(v.unknown(), null)});

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
  /** The prompts that have a result, and those that failed. */
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

  /** Opens the file of an earlier run, or a new one. @throws PoeError `store` if another process uses it */
  static async open(path: string): Promise<ResultFile> {
    // A batch may run for days. The lock of a process that has ended does not count.
    const release = await lock(`${path}.lock`, {maxAgeMs: Infinity, maxWaitMs: 500});
    const file = new ResultFile(path, release);
    try {
      await file.#read();
      return file;
    } catch (error) {
      release();
      throw error;
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
    this.done.add(line.id);
    this.lost.delete(line.id);
    this.#started.delete(line.id);
  }

  /** Forgets that a prompt was started: it was certainly not sent. */
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
    attempt('write', this.#path, () => renameSync(temporary, this.#path));
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
      await this.#cutTornLine();
      for await (const line of linesOf(this.#path)) {
        const result = parseResult(line);
        if (!result) continue;
        this.done.add(result.id);
        if (result.error === null) this.failed.delete(result.id);
        else this.failed.add(result.id);
      }
    }
    if (!existsSync(`${this.#path}.started`)) return;
    for await (const line of linesOf(`${this.#path}.started`)) {
      const id = v.safeParse(v.string(), parseJson(line));
      if (id.success && !this.done.has(id.output)) this.lost.add(id.output);
    }
  }

  /** A program that is killed may leave a part of a line. */
  async #cutTornLine(): Promise<void> {
    let end = 0;
    let position = 0;
    for await (const chunk of createReadStream(this.#path) as AsyncIterable<Buffer>) {
      const at = chunk.lastIndexOf('\n');
      if (at >= 0) end = position + at + 1;
      position += chunk.length;
    }
    if (end === position) return;
    const fd = openSync(this.#path, 'r+');
    ftruncateSync(fd, end);
    closeSync(fd);
  }

  #rewriteStarted(ids: readonly string[]): void {
    const path = `${this.#path}.started`;
    const temporary = `${path}.new`;
    attempt('write', path, () => {
      writeFileSync(temporary, ids.map((id) => `${JSON.stringify(id)}\n`).join(''), {mode: 0o600});
      renameSync(temporary, path);
    });
  }
}

const append = (file: AppendFile, text: string): void => attempt('write', file.path, () => file.append(text));

const linesOf = (path: string): AsyncIterable<string> =>
  createInterface({input: createReadStream(path), crlfDelay: Infinity});

function parseResult(line: string): v.InferOutput<typeof Result> | undefined {
  const result = v.safeParse(Result, parseJson(line));
  return result.success ? result.output : undefined;
}

function parseJson(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    return undefined;
  }
}

/** The error of a prompt whose result was lost. */
export const lostResult = (): PoeError =>
  new PoeError('delivery_unknown', 'The batch was stopped before this reply was complete; it may have been charged');
